"""The tiers by name, which clients each can drive, and what each has no part of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from harness.client.reference import ReferenceClient
from harness.errors import WorldError
from harness.scenario.model import Scenario, WorldSettings

Tier = Literal["model", "message", "raw", "wire"]
TIERS: tuple[Tier, ...] = get_args(Tier)
"""From the quickest to the one with the most real code in it. Only ``wire`` runs on both networks."""

ABOUT: dict[Tier, str] = {
    "model": "the client's logic alone: no asyncio, no bytes",
    "message": "the client on asyncio, without HTTP and sockets",
    "raw": "the client's HTTP over simulated TCP, before a bare server",
    "wire": "aiohttp on both sides",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """What some tiers have no part of; a trace of theirs may differ from one of the wire in this, and in nothing else."""

    what: str
    tiers: tuple[Tier, ...]
    why: str


MISSING = (
    Missing(
        "headers of a request beyond the dialect's own; bytes and ports of a connection",
        ("model", "message"),
        "no HTTP library writes any, and no socket has a number",
    ),
    Missing(
        "jitter, segment size, window and loss of unread bytes",
        ("model", "message"),
        "nothing crosses a link in pieces: a reply that fills the window arrives at once, and is given up sooner",
    ),
    Missing(
        "a reset of the client's own, instead of a close, when it leaves bytes unread",
        ("model", "message"),
        "it is a kernel's answer to bytes that arrive later, and no check asks for it",
    ),
    Missing(
        "requests that are no HTTP, more than one request at a time on a connection, and pages opened in a browser",
        ("model", "message", "raw"),
        "the client's own logic never makes them",
    ),
    Missing(
        "limits of the services on bodies, connections and idle times",
        ("model", "message"),
        "the client's own logic never reaches them",
    ),
)

LINK_SETTINGS = ("jitter", "segment", "window", "loses_unread_on_reset")
"""Settings of a scenario's world that only a tier with bytes can heed."""


def unheeded(scenario: Scenario, tier: Tier) -> tuple[str, ...]:
    """The settings of the scenario's world, other than their defaults, that this tier has no part of."""
    if tier in ("wire", "raw"):
        return ()
    return tuple(name for name in LINK_SETTINGS if getattr(scenario.world, name) != getattr(WorldSettings(), name))


OVERRIDABLE: dict[Tier, frozenset[str]] = {
    "model": frozenset({"decisions", "cores", "walks", "profile", "capabilities"}),
    "message": frozenset(vars(ReferenceClient)) - {"sender"},
}
"""What a client may have of its own and still be driven by a tier: on the model tier its methods are not called at all."""


def why_not(client: object, tier: Tier) -> str:
    """Why a tier cannot drive this client; empty if it can."""
    if tier in ("wire", "raw"):
        return ""
    if not isinstance(client, ReferenceClient):
        return "this client speaks HTTP itself: only --tier wire or raw"
    own = [name for name, value in vars(ReferenceClient).items() if getattr(type(client), name) is not value]
    own = [name for name in own if name not in OVERRIDABLE[tier] and not _is_same(type(client), name)]
    if not own:
        return ""
    nearest = "message" if tier == "model" and own != ["sender"] else "raw"
    return f"this client has its own {', '.join(own)}, of which the {tier} tier makes no use: --tier {nearest}"


def core_client(client: object, tier: Tier) -> ReferenceClient:
    """The client as one that is built on the core.

    Raises:
        WorldError: The tier cannot drive it.
    """
    inner = getattr(client, "wrapped", client)
    if why := why_not(inner, tier):
        raise WorldError(why)
    assert isinstance(inner, ReferenceClient)
    return inner


def _is_same(kind: type, name: str) -> bool:
    """Dunders that every class has of its own are no part of a client."""
    return name.startswith("__") and name != "__init__"
