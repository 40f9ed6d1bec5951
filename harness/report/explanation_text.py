"""How an explanation looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.report.explanation import Explanation


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


def _indented(block: RenderableType) -> Padding:
    return Padding(block, (0, 0, 0, 2))
