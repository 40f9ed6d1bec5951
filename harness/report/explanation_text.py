"""How an explanation looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.checks.registry import Ruling
from harness.report.examples import Snippet
from harness.report.explanation import Explanation
from harness.report.terminal import RULING_WORDS


def explained(explanation: Explanation) -> Iterator[RenderableType]:
    """Name and title, then the text, then the facts."""
    yield Text.assemble((explanation.name, "bold"), (f"  {explanation.kind}", "dim"))
    if not explanation.text.startswith(explanation.title.rstrip(".")):
        yield _indented(Text(explanation.title, style="italic"))
        yield Text()
    if explanation.text:
        yield _indented(Text(explanation.text))
        yield Text()
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for name, value in explanation.facts:
        grid.add_row(name, Text(value))
    yield _indented(grid)
    for example in explanation.examples:
        yield Text()
        yield from map(_indented, _snippet(example))


def _snippet(example: Snippet) -> Iterator[RenderableType]:
    """Whose it is, then the entries that matter; those that prove it are marked."""
    style = RULING_WORDS[Ruling(example.ruling)][1]
    whose = f"{example.client} in {example.scenario}"
    yield Text.assemble(("it holds  " if example.ruling == Ruling.PASSED else "it fails  ", style), (whose, "dim"))
    if example.bug:
        yield Text(f"the client's bug: {example.bug}")
    if example.observed:
        yield Text(f"the check says: {example.observed}")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for at, lane, words, is_proof in example.rows:
        line = Text(f"{'»' if is_proof else ' '} {words}", style="bold" if is_proof else "" if at else "dim")
        table.add_row(at or "…", lane, line)
    yield Padding(table, (0, 0, 0, 2))


def _indented(block: RenderableType) -> Padding:
    return Padding(block, (0, 0, 0, 2))
