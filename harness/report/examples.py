"""What it looks like when a check holds and when it does not: a snippet of a real trace for each, and the client that it is of.

They stand in ``examples.json``, which ``python -m tests.generate.check_examples`` makes by playing the reference client and the
flawed client that proves the check; here they are only read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from harness.checks.registry import Verdict
from harness.report.failures import marks_of, three_lines
from harness.report.timeline import Gap, rows, shown
from harness.trace.trace import Trace

MOST_ROWS = 14


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few entries of a trace.

    Attributes:
        ruling: ``pass`` or ``fail``.
        client: Whose trace it is.
        bug: What that client does wrong, in a sentence; empty for one that does nothing wrong.
        scenario: What was played.
        observed: What the check said; empty where it held.
        rows: (seconds, lane, words, whether the entry proves it); a row without seconds stands for those left out.
    """

    ruling: str
    client: str
    bug: str
    scenario: str
    observed: str
    rows: tuple[tuple[str, str, str, bool], ...]


def examples(check: str) -> tuple[Snippet, ...]:
    """The passing one and the failing one; none for a check of somebody else's."""
    return _all().get(check, ())


def snippet(trace: Trace, verdict: Verdict, client: str, bug: str = "") -> Snippet:
    """What a verdict rests on, in a few rows."""
    told = [verdict]
    lines = [
        ("", "", f"{part.entries} entries", False)
        if isinstance(part, Gap)
        else (f"{part.first.at:.3f}", part.first.lane.value, part.text, bool(part.marks))
        for part in shown(rows(trace, marks_of(told)), MOST_ROWS)
    ]
    observed = three_lines(verdict)[2] if verdict.ruling == "fail" else ""
    return Snippet(verdict.ruling.value, client, bug, trace.head.scenario.name, observed, tuple(lines))


@lru_cache(maxsize=1)
def _all() -> dict[str, tuple[Snippet, ...]]:
    found = json.loads(files("harness.report").joinpath("examples.json").read_text(encoding="utf-8"))
    return {
        check: tuple(Snippet(**{**one, "rows": tuple((a, b, c, d) for a, b, c, d in one["rows"])}) for one in both)
        for check, both in found.items()
    }
