"""An operation's table drawn: states below each other in its order, ends last, an arc for each way from one to another.

Arcs down stand on the right, arcs up on the left, and reach out the further the more states they pass; so no arc crosses a
state, and the whole fits a telephone's width. Numbers in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle, Row
from harness.status.operation import Operation

ROW, TOP, PILL, HALF = 34, 24, 22, 70
"""Height of a row, room above the first, height of a state, half its width."""
REACH, REACH_A_ROW, LOOP = 24, 11, 40
"""How far an arc's handles stand off, and how much more for each state passed; how far those of an arc to its own state."""
SHARE = 0.75
"""Of its handles' distance that a cubic arc reaches."""
NUMBER, MARGIN = 4, 34
"""How far beside an arc its number begins, or ends; room for it at the edge."""


@dataclass(frozen=True, slots=True)
class Place:
    """A state, and the middle of it."""

    state: str
    y: int
    is_end: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """All rows from one state to another.

    Attributes:
        path: As SVG writes it.
        x, y: Where it reaches out furthest: room for a number.
    """

    source: str
    destination: str
    label: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Diagram:
    """A table's figure: ``left``, ``width`` and ``height`` are its view box, which begins at (left, 0)."""

    operation: Operation
    places: tuple[Place, ...]
    arcs: tuple[Arc, ...]
    left: int
    width: int
    height: int

    def place(self, state: str) -> int:
        """Number of a state."""
        return next(number for number, place in enumerate(self.places) if place.state == state)

    def arc(self, row: Row) -> int:
        """Number of the arc that a row belongs to."""
        ends = (row.source, row.destination)
        return next(number for number, arc in enumerate(self.arcs) if (arc.source, arc.destination) == ends)


@lru_cache(maxsize=len(Operation))
def diagram(operation: Operation) -> Diagram:
    """The operation's figure."""
    lifecycle = OPERATIONS[operation]
    order = sorted(lifecycle.states, key=lambda state: state in lifecycle.ends)
    places = tuple(Place(state, TOP + ROW * number, state in lifecycle.ends) for number, state in enumerate(order))
    arcs = tuple(_arcs(lifecycle, {place.state: place.y for place in places}))
    left = int(min(-HALF, *(arc.x for arc in arcs))) - MARGIN
    right = int(max(HALF, *(arc.x for arc in arcs))) + MARGIN
    return Diagram(operation, places, arcs, left, right - left, TOP + ROW * len(places))


def _arcs(lifecycle: Lifecycle, heights: dict[str, int]) -> Iterator[Arc]:
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in lifecycle.rows:
        rows.setdefault((row.source, row.destination), []).append(row)
    for (source, destination), between in rows.items():
        path, x, y = _curve(heights[source], heights[destination])
        yield Arc(source, destination, f"{source} → {destination}: {', '.join(map(_label, between))}", path, x, y)


def _label(row: Row) -> str:
    return f"{row.trigger} ({row.says.value})" if row.says else row.trigger


def _curve(source: int, destination: int) -> tuple[str, float, float]:
    """Its path, and where it reaches out furthest. It leaves a state at the lower half and comes in at the upper one."""
    side = -1 if destination < source else 1
    begin, end = source + side * 5, destination - side * 5
    passed = abs(destination - source) // ROW
    reach = side * (HALF + (REACH + REACH_A_ROW * passed if passed else LOOP))
    path = f"M{side * HALF} {begin}C{reach} {begin} {reach} {end} {side * HALF} {end}"
    return path, side * (HALF + NUMBER) + SHARE * (reach - side * HALF), (begin + end) / 2
