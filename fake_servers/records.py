"""What a store of truth remembers: devices and what they hold, license pages, orders to remove licenses."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The kinds of things that are remembered. A state file holds them under these names."""

    DEVICE = "device"
    NONCE = "nonce"
    KEPT = "idempotency_key"  # what was asked and decided under it
    PAGE = "page"
    REMOVAL = "removal"
    BACKUP = "backup"
    RESTORED_TO = "restored_to"


class Right(StrEnum):
    """How a device stands to a license."""

    HELD = "held"
    REMOVED = "removed"  # by the issuer's order, and acknowledged
    RELEASED = "released"  # given back by the device


@dataclass(slots=True)
class Device:
    """What is known of one device. ``version`` is ``""`` while it has no individualized component.

    Attributes:
        handed_out: Components given to it in all.
        handed_out_today: Those of the day (UTC) numbered ``day``; what a daily quota would count.
        rights: By content.
        issued: Licenses given to it over the network, by content.
    """

    version: str
    handed_out: int = 0
    handed_out_today: int = 0
    day: int = 0
    rights: dict[str, Right] = field(default_factory=dict)
    issued: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A license page that a user is to complete."""

    token: str
    device: str
    contents: tuple[str, ...]
    completed: bool = False


@dataclass(frozen=True, slots=True)
class Removal:
    """An order to remove licenses, named by its receipt."""

    receipt: str
    device: str
    contents: tuple[str, ...]
    acknowledged: bool = False


def as_data(record: Device | Page | Removal) -> dict[str, Any]:
    """As plain, sorted, JSON-able data."""
    match record:
        case Device():
            return {
                "version": record.version,
                "handed_out": record.handed_out,
                "handed_out_today": record.handed_out_today,
                "rights": {content: right.value for content, right in sorted(record.rights.items())},
                "issued": dict(sorted(record.issued.items())),
            }
        case Page():
            return {"device": record.device, "contents": list(record.contents), "completed": record.completed}
        case Removal():
            return {"device": record.device, "contents": list(record.contents), "acknowledged": record.acknowledged}
