"""Counts of two things against each other, for a page: what a search has been through, and what it never met.

Whoever counts (``harness.explore``) makes these values; the page colours them by how often, and marks what never came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.report.plain_text import plain

SHADES = 5
"""Steps of colour for what was met at all; 0 is for what was not."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """How often each of some things met each of others.

    Attributes:
        title: What it shows, as a heading: ``Faults × phases``.
        about: How to read it, in a sentence or two.
        down, across: What its rows and its columns are, in a word: ``fault``, ``phase``.
        rows, columns: Their names, in the order to show them in.
        counts: (row, column) to how often; absent means never.
        impossible: The places that cannot be met at all: they are no gap, and are shown empty.
    """

    title: str
    about: str
    down: str
    across: str
    rows: Sequence[str]
    columns: Sequence[str]
    counts: Mapping[tuple[str, str], int]
    impossible: frozenset[tuple[str, str]] = frozenset()

    def shade(self, row: str, column: str) -> int:
        """0 for never, 1 to ``SHADES`` for how often, each step being about as many times more as the last."""
        count = self.counts.get((row, column), 0)
        most = max(self.counts.values(), default=0)
        if not count or most <= 1:
            return min(count, 1) * SHADES
        steps = (most.bit_length() - 1) or 1
        return 1 + (count.bit_length() - 1) * (SHADES - 1) // steps

    @property
    def met(self) -> str:
        """``37 of 60 met``: of the places that can be."""
        possible = [(r, c) for r in self.rows for c in self.columns if (r, c) not in self.impossible]
        return plain(f"{sum(self.counts.get(place, 0) > 0 for place in possible)} of {len(possible)} met")
