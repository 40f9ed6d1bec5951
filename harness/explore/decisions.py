"""Decisions: where each choice of a search comes from, and the bytes that stand for them.

One byte (two where there is much to choose from) is one decision, and the zero byte always stands for the first option, the
plainest; where bytes end, zeros follow. So whatever makes bytes is a search: chance, a count, Hypothesis, a file; and shorter
bytes, or smaller ones, mean a simpler scenario, which is what Hypothesis shrinks towards.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Protocol, TypeVar

T = TypeVar("T")

ONE_BYTE = 128
"""So many options still fit into one byte with room for weights."""


class Source(Protocol):
    """Where decisions come from."""

    def pick(self, what: str, options: Sequence[T], weights: Sequence[int] | None = None) -> T:
        """One of the options, of which there is at least one.

        Args:
            what: Which decision this is; the same words, the same options.
            weights: How likely each is where chance decides; all alike if absent.
        """
        ...


@lru_cache(maxsize=1024)
def ends_of(weights: tuple[int, ...]) -> tuple[int, ...]:
    """Where each option's share of the numbers ends. Each has one number at least; the first one has what is left over."""
    size = 256 if len(weights) <= ONE_BYTE else 65_536
    total, free = sum(weights), size - len(weights)
    shares = [1 + free * weight // total for weight in weights]
    shares[0] += size - sum(shares)
    return tuple(accumulate(shares))


def _weights(options: Sequence[object], weights: Sequence[int] | None) -> tuple[int, ...]:
    return tuple(weights) if weights is not None else (1,) * len(options)


class FromBytes:
    """Decisions that are read from bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def pick(self, what: str, options: Sequence[T], weights: Sequence[int] | None = None) -> T:
        if len(options) == 1:
            return options[0]
        ends = ends_of(_weights(options, weights))
        width = 1 if len(options) <= ONE_BYTE else 2
        number = int.from_bytes(self._data[self._place : self._place + width].ljust(width, b"\0"), "big")
        self._place += width
        return options[bisect_right(ends, number)]


class Written:
    """Takes decisions from another source, and writes the bytes that stand for them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._data = bytearray()

    def pick(self, what: str, options: Sequence[T], weights: Sequence[int] | None = None) -> T:
        choice = self._source.pick(what, options, weights)
        if len(options) > 1:
            index = next(index for index, option in enumerate(options) if option is choice or option == choice)
            ends = ends_of(_weights(options, weights))
            self._data += (ends[index - 1] if index else 0).to_bytes(1 if len(options) <= ONE_BYTE else 2, "big")
        return choice

    @property
    def data(self) -> bytes:
        """The bytes, without the zeros at their end, which go without saying."""
        return bytes(self._data).rstrip(b"\0")


class Noted:
    """Takes decisions from another source, and remembers each by its words."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.decided: dict[str, object] = {}

    def pick(self, what: str, options: Sequence[T], weights: Sequence[int] | None = None) -> T:
        choice = self.decided[what] = self._source.pick(what, options, weights)
        return choice


class Told:
    """Takes the options that it was told; the first one wherever it was told nothing, or what is no option here."""

    def __init__(self, told: Mapping[str, object]) -> None:
        self._told = told

    def pick(self, what: str, options: Sequence[T], weights: Sequence[int] | None = None) -> T:
        if what not in self._told:  # None may be an option, too
            return options[0]
        return next((option for option in options if option == self._told[what]), options[0])
