"""Feeding on what was new: inputs that led somewhere new are kept, and changed a little, to get further from there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import TypeVar

from harness.explore.decisions import FromBytes, Noted, Source, Written
from harness.explore.decoder import Menu, draw
from harness.explore.histories import History

T = TypeVar("T")

MOST_KEPT = 200
"""The oldest go first: what they led to has been followed up meanwhile."""

DRAWN_ANEW = 0.25
"""Share of the decisions that are drawn anew; one decision in twelve or so matters, so three change."""


class Kept:
    """Inputs that led somewhere new. Whoever plays them says which did."""

    def __init__(self) -> None:
        self._inputs: list[bytes] = []

    def keep(self, data: bytes) -> None:
        """It led somewhere new."""
        self._inputs.append(data)
        del self._inputs[:-MOST_KEPT]

    def changed(self, menu: Menu, source: Source, rng: Random) -> Iterator[tuple[bytes, History]]:
        """Without end: a kept input with some decisions drawn anew from the source; None of them while nothing is kept."""
        while self._inputs:
            noted = Noted(FromBytes(rng.choice(self._inputs)))
            draw(menu, noted)
            written = Written(_Changed(noted.decided, source, rng))
            history = draw(menu, written)
            yield written.data, history


class _Changed:
    """Decides as before, but for some decisions, and for those that come up only now."""

    def __init__(self, before: Mapping[str, object], source: Source, rng: Random) -> None:
        self._before = before
        self._source = source
        self._rng = rng

    def pick(self, what: str, options: Sequence[T], weights: Sequence[int] | None = None) -> T:
        if what in self._before and self._rng.random() >= DRAWN_ANEW:
            return next((option for option in options if option == self._before[what]), options[0])
        return self._source.pick(what, options, weights)
