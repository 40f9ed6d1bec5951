"""What a program prints, cut into lines in bounded memory and made readable for a trace. Does no input or output itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.adapters.exceptions import shortened

LONGEST_LINE = 1_000_000
"""Bytes. No honest message comes near it."""

KEPT_OF_OVERLONG = 200
SHOWN = 500
"""Characters of a line that a trace shows."""


class Line(NamedTuple):
    """One line without its line feed; of one that is too long, only the beginning. ``size`` is its true length in bytes."""

    text: bytes
    size: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self.size == len(self.text)


class LineCutter:
    """Fed with pieces as they arrive, gives lines; never keeps more than ``longest`` bytes."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._kept = bytearray()
        self._size = 0

    def feed(self, data: bytes) -> Iterator[Line]:
        """Every line that ``data`` completes."""
        *ended, rest = data.split(b"\n")
        for part in ended:
            self._add(part)
            yield self._cut()
        self._add(rest)

    def rest(self) -> Iterator[Line]:
        """The last line, if the stream ended without a line feed."""
        if self._size:
            yield self._cut()

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= self._longest:
            self._kept += part
        else:
            kept = min(self._longest, KEPT_OF_OVERLONG)
            self._kept = (self._kept[:kept] + part[:kept])[:kept]

    def _cut(self) -> Line:
        line = Line(bytes(self._kept), self._size)
        self._kept.clear()
        self._size = 0
        return line


def readable(line: Line) -> str:
    """The line as text on one line: what is no UTF-8 or cannot be printed is escaped, what is too long is left out."""
    text = line.text.decode("utf-8", "backslashreplace")
    shown = text if text.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in text[: 2 * SHOWN])
    return shortened(shown, SHOWN) if line.is_whole else f"{shown[:SHOWN]}… (a line of {line.size} bytes)"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
