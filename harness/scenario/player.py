"""How a profile tells of a player in a browser: its package, its settings, and what its own events say to its user."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from harness.operations.retry import RetryPolicy
from harness.status.phase import Phase
from harness.status.reason import Reason

RANGE = re.compile(r"(\d+)\.\.(\d+)")
"""``400..499``: any whole number from the first to the last."""

PATTERN = re.compile(r"/(.*)/", re.DOTALL)
"""``/status is "" \\(0\\)/``: a text that holds a match of the pattern between the slashes."""

FRACTION = re.compile(r"-?\d+\.\d+")

PACKAGE = re.compile(r"((?:@[\w.-]+/)?[\w.-]+)@(\d+\.\d+\.\d+\S*)")


def _sound(wanted: object) -> object:
    if isinstance(wanted, str) and (pattern := PATTERN.fullmatch(wanted)):
        try:
            re.compile(pattern[1])
        except re.error as error:
            raise ValueError(f"{wanted} is no regular expression: {error}") from error
    return wanted


One = Annotated[bool | int | str, AfterValidator(_sound)]
Wanted = One | tuple[One, ...]
"""What a field of an event must be: this value, a range, a pattern, or one of several such."""


def _exact(package: str) -> str:
    if PACKAGE.fullmatch(package) is None:
        raise ValueError("a player's package is its name in the registry with an exact version, such as shaka-player@5.2.12")
    return package


class Part(BaseModel):
    """Root of the parts: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EventRule(Part):
    """One row of the table: an event of the player's, and what it says to the user in the words of the harness.

    Attributes:
        on: The event's name, as the page tells it.
        where: Field (``code``, ``inner.code``) to what it must be: a value, a list of values, ``400..499``, or ``/pattern/``.
        says: The phase. ``started`` is told as ``retrying`` in a round that the user's retry opened.
        reason: What went wrong, as far as the event lets an application tell.
        retryable: On a settling phase: whether the player lets its user try again, if it says so.
    """

    on: str
    where: dict[str, Wanted] = Field(default_factory=dict)
    says: Phase
    reason: Reason | None = None
    retryable: bool | None = None

    def fits(self, event: str, fields: dict[str, Any]) -> bool:
        """Whether the row is about this event."""
        return event == self.on and all(matches(wanted, at(fields, path)) for path, wanted in self.where.items())


def _with_numbers(settings: object) -> object:
    """Decimal fractions as numbers, which the reader of YAML leaves as they are written."""
    match settings:
        case dict():
            return {name: _with_numbers(value) for name, value in settings.items()}
        case list():
            return [_with_numbers(value) for value in settings]
        case str() if FRACTION.fullmatch(settings):
            return float(settings)
    return settings


Settings = Annotated[dict[str, Any], BeforeValidator(_with_numbers)]
"""What a page hands to its player, as its documentation writes it."""


class Tuned(Part):
    """A second set of settings, as an application would choose them, and what is promised with them."""

    settings: Settings = Field(default_factory=dict)
    retry: RetryPolicy | None = None


class Player(Part):
    """A player that runs in a page.

    Attributes:
        package: Its npm package with an exact version; installed unmodified.
        settings: Handed to the page, which hands them to the player.
        tuned: The other settings: ``--client browser:NAME:tuned``.
        events: The table. The first row that fits an event counts; an event without a row is on record, and says nothing.
    """

    package: Annotated[str, AfterValidator(_exact)]
    settings: Settings = Field(default_factory=dict)
    tuned: Tuned | None = None
    events: tuple[EventRule, ...]

    @property
    def package_name(self) -> str:
        """``shaka-player``."""
        return self.package.rpartition("@")[0]

    @property
    def package_version(self) -> str:
        """``5.2.12``."""
        return self.package.rpartition("@")[2]

    def rule_for(self, event: str, fields: dict[str, Any]) -> EventRule | None:
        """The row that counts for an event."""
        return next((rule for rule in self.events if rule.fits(event, fields)), None)


def at(fields: object, path: str) -> object:
    """What stands at ``inner.code``; None if nothing does."""
    for step in path.split("."):
        fields = fields.get(step) if isinstance(fields, dict) else None
    return fields


def matches(wanted: Wanted, found: object) -> bool:
    """Whether a field's value is what a row asks for. True and 1 are different things here."""
    if isinstance(wanted, tuple):
        return any(matches(one, found) for one in wanted)
    if isinstance(wanted, str) and (bounds := RANGE.fullmatch(wanted)):
        return type(found) is int and int(bounds[1]) <= found <= int(bounds[2])
    if isinstance(wanted, str) and (pattern := PATTERN.fullmatch(wanted)):
        return isinstance(found, str) and re.search(pattern[1], found) is not None
    return type(found) is type(wanted) and found == wanted
