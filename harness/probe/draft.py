"""A draft profile: each value with how sure it is, why, and what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harness.scenario.profile import Profile


class Confidence(StrEnum):
    """How far a value can be relied on."""

    HIGH = "high"  # seen more than once, or in virtual time, and nothing contradicts it
    MEDIUM = "medium"  # seen, and something else would look the same
    LOW = "low"  # the nearest that fits, or seen once on a noisy clock
    NONE = "none"  # not seen: the value is a stand-in that accuses nobody, or is left out


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen in one run.

    Attributes:
        probe: The probe's name.
        seed: The run's.
        said: In words.
        at_s: The moments on the wire that it rests on, in the world's seconds since the run began.
    """

    probe: str
    seed: int
    said: str
    at_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One value.

    Attributes:
        key: Where it stands in a profile, as in ``retry.attempts``; or a word of its own for what no profile says.
        value: In the profile's own form; None if it is left out.
        confidence: How sure it is.
        because: Why so sure and no surer, in words.
        sights: What it rests on.
    """

    key: str
    value: Any
    confidence: Confidence
    because: str
    sights: tuple[Sight, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What measuring came to.

    Attributes:
        profile: The profile, good for ``--profile``.
        measured: Its values in the order of the file, and findings that a profile has no key for.
        warnings: What a reader must know before trusting it.
        about_runs: How it was measured, in a sentence.
    """

    profile: Profile
    measured: tuple[Measured, ...]
    warnings: tuple[str, ...]
    about_runs: str

    def of(self, key: str) -> Measured:
        """The value of a key."""
        return next(each for each in self.measured if each.key == key)
