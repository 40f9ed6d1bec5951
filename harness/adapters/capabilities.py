"""What can be seen of a client, in the words by which a check says what it needs."""

from __future__ import annotations

from harness.adapters.protocol import Filling, Mortal
from harness.device.event import Ability
from harness.scenario.profile import Profile

ALWAYS = frozenset({"wire", "truth"})
"""The services are the harness's own: their traffic and their store can be seen whatever the client is."""

SAID = frozenset({"status", "outcome", "rights"})
"""What a client lets one see by saying it: status messages, how an operation ended, what it holds."""

PROMISED = frozenset({"retry_policy", "attempts", "progress"})
"""What the profile decides."""

IN_STATUSES = frozenset({"attempts", "progress"})
"""Promises about what status messages carry: void where there are none."""

KNOWN = ALWAYS | SAID | PROMISED


def promised_by(profile: Profile) -> frozenset[str]:
    """What a profile adds: a check of a promise needs the promise."""
    promises = {
        "retry_policy": profile.retry is not None,
        "attempts": profile.reports_attempts,
        "progress": profile.reports_progress,
    }
    return frozenset(word for word, is_given in promises.items() if is_given)


def capabilities_of(said: frozenset[str], profile: Profile) -> frozenset[str]:
    """All that can be seen of a client that says ``said`` and promises ``profile``. Words nobody knows are dropped."""
    promised = promised_by(profile)
    return ALWAYS | (said & SAID) | (promised if "status" in said else promised - IN_STATUSES)


def abilities_of(client: object) -> frozenset[Ability]:
    """What can be done to a client, by the methods that it has."""
    methods: dict[Ability, type] = {"life": Mortal, "storage": Filling}
    return frozenset(ability for ability, shape in methods.items() if isinstance(client, shape))
