"""Combinations before chance: on each ground, any two of its circumstances meet each other soon, or any three.

The circumstances are what is special about the ground, what the user does, and which fault the first two attempts of each
exchange meet. Faults that look the same to a client stand for each other here, in turns: or there would be far too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest
from random import Random
from typing import cast

from fake_servers.faults.base import Presentation
from harness.explore.covering import covering_array
from harness.explore.decisions import Told, Written
from harness.explore.decoder import Menu, Weather, draw
from harness.explore.grounds import AS_USUAL, Ground
from harness.explore.histories import History
from harness.explore.people import PATIENCE, answers_for, ways_to_cancel

Row = dict[str, object]


def arrayed(menu: Menu, rng: Random, strength: int = 2) -> Iterator[tuple[bytes, History]]:
    """Histories of a covering array for each ground, in turns and each in an order of its own."""
    rows = [_rows(menu, ground, rng, strength) for ground in menu.grounds]
    for told in filter(None, chain.from_iterable(zip_longest(*rows))):
        written = Written(Told(told))
        history = draw(menu, written)
        yield written.data, history


def _rows(menu: Menu, ground: Ground, rng: Random, strength: int) -> Iterator[Row]:
    """What the source is told, a row of the array after the other."""
    columns: list[tuple[str, list[object]]] = [
        (f"{ground.name}.twist", [AS_USUAL, *ground.twists]),
        (f"{ground.name}.cancels", list(ways_to_cancel(ground.operation, menu.profile))),
        (f"{ground.name}.patience", list(PATIENCE)),
    ]
    columns += [(f"{ground.name}.{willing.do}", list[object](answers_for(willing))) for willing in ground.user]
    for exchange in ground.exchanges:
        for attempt in (1, 2):
            columns.append((f"{exchange}.{attempt}", [None, *menu.able(ground, exchange, attempt)]))
    array = covering_array([len(options) for _, options in columns], strength)
    rng.shuffle(array)
    for number, row in enumerate(array):
        chosen = {what: options[choice] for (what, options), choice in zip(columns, row, strict=True)}
        yield {"ground": ground, **_told(menu, ground, chosen, number)}


def _told(menu: Menu, ground: Ground, chosen: Row, number: int) -> Row:
    """The words of the decoder for one row."""
    told = dict(chosen)
    for exchange in ground.exchanges:
        where = exchange.value
        first, second = (told.pop(f"{where}.{attempt}") for attempt in (1, 2))
        told[where] = Weather.CHANGING if first or second else Weather.CALM
        told |= {f"{where}.1": first, f"{where}.1.met": bool(first), f"{where}.2.met": bool(second)}
        told[f"{where}.2 after {first}" if first else f"{where}.2"] = second
        for attempt, kind in ((1, first), (2, second)):
            alike = menu.able(ground, exchange, attempt).get(cast("Presentation", kind), ())
            if alike:
                told[f"{where}.{attempt}.{kind}"] = alike[(number + attempt) % len(alike)]
    return told
