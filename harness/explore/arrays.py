"""Combinations before chance: on each ground, any two of its circumstances meet each other soon.

The circumstances are what is special about the ground, what the user does, and which fault the first two attempts of each
exchange meet. Faults that look the same to a client stand for each other here, in turns: or there would be far too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest
from random import Random

from harness.explore.covering import covering_array
from harness.explore.decisions import Told, Written
from harness.explore.decoder import Menu, Weather, draw
from harness.explore.grounds import AS_USUAL, Ground
from harness.explore.histories import History
from harness.explore.people import PATIENCE, ways_to_cancel

Row = dict[str, object]


def arrayed(menu: Menu, rng: Random) -> Iterator[tuple[bytes, History]]:
    """Histories of a covering array of strength 2 for each ground, in turns and each in an order of its own."""
    rows = [_rows(menu, ground, rng) for ground in menu.grounds]
    for told in filter(None, chain.from_iterable(zip_longest(*rows))):
        written = Written(Told(told))
        history = draw(menu, written)
        yield written.data, history


def _rows(menu: Menu, ground: Ground, rng: Random) -> Iterator[Row]:
    """What the source is told, a row of the array after the other."""
    columns: list[tuple[str, list[object]]] = [
        (f"{ground.name}.twist", [AS_USUAL, *ground.twists]),
        (f"{ground.name}.cancels", list(ways_to_cancel(ground.operation, menu.profile))),
        (f"{ground.name}.patience", list(PATIENCE)),
    ]
    for exchange in ground.exchanges:
        for attempt in (1, 2):
            alike: dict[object, list[str]] = {}
            for name in menu.able(ground, exchange, attempt)[0]:
                alike.setdefault(menu.examples[name][0].presents_as(), []).append(name)
            columns.append((f"{ground.name}.{exchange}.{attempt}", [None, *alike.values()]))
    array = covering_array([len(options) for _, options in columns], 2)
    rng.shuffle(array)
    for number, row in enumerate(array):
        chosen = {what: options[choice] for (what, options), choice in zip(columns, row, strict=True)}
        yield {"ground": ground, **_told(ground, chosen, number)}


def _told(ground: Ground, chosen: Row, number: int) -> Row:
    """The words of the decoder for one row."""
    told = dict(chosen)
    for exchange in ground.exchanges:
        where = f"{ground.name}.{exchange}"
        first, second = (_of(told.pop(f"{where}.{attempt}"), number + attempt) for attempt in (1, 2))
        told[where] = Weather.CHANGING if first or second else Weather.CALM
        told |= {f"{where}.1": first, f"{where}.1.met": bool(first), f"{where}.2.met": bool(second)}
        told[f"{where}.2 after {first}" if first else f"{where}.2"] = second
    return told


def _of(alike: object, turn: int) -> str:
    return str(alike[turn % len(alike)]) if isinstance(alike, list) else ""
