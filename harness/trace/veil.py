"""What the services cannot see: the client's end of an exchange while its device was cut off from them, or it was killed.

The services go by what they send and receive. When the device's network is gone, or its address, a reply that they sent may
never arrive, and a connection that the client has long given up stays open for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from fake_servers.journal import ConnectionClosed
from harness.trace.entry import DeviceChanged, Entry

ROUNDING_S = 2e-6
"""Times of entries are in whole microseconds."""

CUTS_OFF = ("network", "address", "life")


@dataclass(frozen=True, slots=True)
class Spell:
    """A time, from one entry to another, in which the device was cut off; a change of address, or a kill, is a moment."""

    first: float
    last: float


def spells(entries: Sequence[Entry]) -> tuple[Spell, ...]:
    """Every time in which the client could not be reached, in seconds, in the order in which they began."""
    open_: dict[int, float] = {}
    found: list[Spell] = []
    for entry in entries:
        if not isinstance(entry.what, DeviceChanged) or not set(CUTS_OFF) & set(entry.what.needs):
            continue
        if "network" not in entry.what.needs:
            found.append(Spell(entry.at, entry.at))
        elif entry.what.change == "began":
            open_[entry.what.step] = entry.at
        else:
            found.append(Spell(open_.pop(entry.what.step, 0.0), entry.at))
    found += [Spell(began, inf) for began in open_.values()]
    return tuple(sorted(found, key=lambda spell: spell.first))


def is_within(found: Sequence[Spell], first_s: float, last_s: float) -> bool:
    """Whether one of the times touches this one."""
    return any(spell.first <= last_s and first_s <= spell.last for spell in found)


def was_given_up(found: Sequence[Spell], request: Entry, closing: Entry | None, trip_s: float) -> bool:
    """Whether a request was delivered late, by the client's system, when the client itself had given it up.

    TCP sends again what it could not deliver, though nobody waits for the answer any more; the end of the connection comes
    along with it, sooner than any answer can have got back and been answered by that.

    Args:
        trip_s: How long anything takes one way, at least.
    """
    if closing is None or not isinstance(closing.what, ConnectionClosed) or closing.what.by != "client":
        return False
    was_cut_off = any(spell.first <= request.at and spell.first < spell.last for spell in found)
    return was_cut_off and closing.at < request.at + 2 * trip_s - ROUNDING_S
