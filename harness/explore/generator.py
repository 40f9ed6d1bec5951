"""A seeded search: draws what it has drawn least, so that the rare comes up early; the same seed draws the same."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, count
from random import Random
from typing import TypeVar

from harness.explore.arrays import arrayed
from harness.explore.decisions import Source, Written
from harness.explore.decoder import Menu, draw
from harness.explore.feeding import Kept
from harness.explore.histories import History

T = TypeVar("T")

ONE_IN = 3
"""One history in so many comes from the arrays of combinations, and one from what led somewhere new."""

MOST_REPEATED = 1_000
"""So many repetitions in a row mean that there is nothing new to draw."""


class Steered:
    """Chance, with each option the less likely the more often it was taken in the same decision before."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: dict[str, Counter[object]] = {}

    def pick(self, what: str, options: Sequence[T], weights: Sequence[int] | None = None) -> T:
        if len(options) == 1:
            return options[0]
        taken = self._taken.setdefault(what, Counter())
        # by what it is due: a weight of 3 asks for three times as many turns as a weight of 1
        due = [
            (weight * weight) / (weight + taken[option])
            for option, weight in zip(options, weights or (1,) * len(options), strict=True)
        ]
        ends = list(accumulate(due))
        choice = options[min(bisect_right(ends, self._rng.random() * ends[-1]), len(options) - 1)]
        taken[choice] += 1
        return choice


class Unsteered:
    """Chance by weight alone: the baseline that steering is measured against."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def pick(self, what: str, options: Sequence[T], weights: Sequence[int] | None = None) -> T:
        return self._rng.choices(options, weights)[0]


def generated(
    menu: Menu, seed: int, *, steered: bool = True, strength: int = 2, kept: Kept | None = None
) -> Iterator[tuple[bytes, History]]:
    """Histories, none twice, each with the bytes that stand for it; until there is nothing new to draw.

    Args:
        steered: Towards what was drawn least, with combinations in between; else by chance alone.
        strength: Of the covering arrays: any so many circumstances of a ground meet each other.
        kept: What led somewhere new until now; one history in so many is one of these, changed.
    """
    rng = Random(f"explore {seed}")
    source = Steered(rng) if steered else Unsteered(rng)
    arrays = arrayed(menu, rng, strength) if steered else iter(())
    seen: set[bytes] = set()
    repeated = 0
    for number in count(1):
        found = next(arrays, None) if number % ONE_IN == 0 else None
        if found is None and kept is not None and number % ONE_IN == 1:
            found = next(kept.changed(menu, source, rng), None)
        data, history = found or _drawn(menu, source)
        repeated = repeated + 1 if data in seen else 0
        if not repeated:
            seen.add(data)
            yield data, history
        elif repeated > MOST_REPEATED:
            return


def _drawn(menu: Menu, source: Source) -> tuple[bytes, History]:
    written = Written(source)
    history = draw(menu, written)
    return written.data, history
