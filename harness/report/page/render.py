"""From a report to its page. Whatever comes from elsewhere is made plain, then escaped, wherever it is put.

The page holds no address that a browser would fetch, and says so: its policy allows the one style sheet and the one script
within it, by their hashes, and nothing else. A text from a client stays a text; an address in it is shown, and leads nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.checks.registry import Check
from harness.report.explanation import paragraphs
from harness.report.page.diagram import diagram
from harness.report.page.heat_map import HeatMap
from harness.report.page.overview import LETTERS, Overview
from harness.report.page.story import MOST_PROOFS, LeftOut
from harness.report.page.words import RULINGS, STANDINGS
from harness.report.plain_text import LONGEST_COMMAND, plain
from harness.report.results import Report
from harness.status.operation import Operation


def write_html(report: Report, path: Path, heat_maps: Sequence[HeatMap] = ()) -> None:
    """Write the page, and the folder that it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html_page(report, heat_maps), encoding="utf-8")


def html_page(report: Report, heat_maps: Sequence[HeatMap] = ()) -> str:
    """The page, one text; the same report always gives the same. ``heat_maps`` stand in a section of their own."""
    style, script = _part("page.css"), _part("page.js")
    overview = Overview(report, heat_maps)
    operations = {story.result.trace.head.scenario.operation for story in overview.stories}
    template = _templates().get_template("page.html.jinja")
    return template.render(
        page=overview,
        report=report,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'",
        diagrams=[diagram(operation) for operation in Operation if operation in operations],
    )


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("harness.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_safe,
    )
    environment.globals |= {"MOST_PROOFS": MOST_PROOFS, "STANDINGS": STANDINGS, "RULINGS": RULINGS, "LETTERS": LETTERS}
    environment.filters |= {"breakable": _breakable, "paragraphs": _paragraphs}
    environment.tests |= {"left_out": lambda part: isinstance(part, LeftOut)}
    return environment


def _safe(value: Any) -> Any:
    """What every expression of a template passes through before it is escaped: no control character gets by."""
    return plain(value, LONGEST_COMMAND) if isinstance(value, str) and not isinstance(value, Markup) else value


def _breakable(name: str) -> Markup:
    """A name that may go on in a second line where one of its words ends."""
    return Markup("<wbr>").join(re.split(r"(?<=[_\-./])", plain(name)))


def _paragraphs(check: Check) -> list[str]:
    """A check's explanation, paragraph by paragraph."""
    return paragraphs(check.explanation).split("\n\n")


def _part(name: str) -> Markup:
    """A style sheet or script of ours, to stand in the page as it is."""
    return Markup(files("harness.report.page").joinpath("templates", name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
