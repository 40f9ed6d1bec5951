"""What the client's logic asks for, and what it is told in return. No input or output happens here.

The logic is a generator: it yields an effect and is sent an event. ``Report`` and ``Keep`` are answered at once; ``Send``,
``SendTogether``, ``Pause`` and ``Ask`` may be answered by ``Moving`` or ``CancelAsked`` first, after which ``Resume`` waits
on. What is made many times in a run is a named tuple: a frozen dataclass takes three times as long to make.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from fake_servers.dialects.base import Dialect, HttpRequest
from fake_servers.faults.base import Reply
from fake_servers.services.decision import ServiceRequest
from harness.languages.catalogue import SOURCE
from harness.status.message import Progress
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason


class Question(StrEnum):
    """What only the user can answer."""

    CONSENT = "consent"
    OVERWRITE = "overwrite"


# ── effects ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Send(NamedTuple):
    """One request to ``url``, to be given up after ``timeout_s``.

    A body above ``largest_body`` bytes is not read on, and no more than ``most_redirects`` are followed.
    """

    request: ServiceRequest
    dialect: Dialect
    url: str
    timeout_s: float
    largest_body: int
    most_redirects: int
    verify_tls: bool = True

    def encoded(self) -> HttpRequest:
        """The request as its dialect writes it, for whoever sends bytes."""
        return self.dialect.encode_request(self.request, self.url)


class SendTogether(NamedTuple):
    """Requests that are under way at the same moment, each on its own; answered once each of them has come to something."""

    sends: tuple[Send, ...]


class Pause(NamedTuple):
    """Nothing to do for so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Ask:
    """Wait for the user's answer."""

    question: Question


@dataclass(frozen=True, slots=True)
class Resume:
    """Wait on for the effect that is under way."""


class Report(NamedTuple):
    """Tell the user. Only the facts: a status message, with its sentence, is made of them where one is needed (``words``).

    Attributes:
        on_network: The attempt is what the user hears of, and so its number.
        language: What the sentence is in.

    The other fields are those of ``StatusMessage``.
    """

    operation: Operation
    round: int
    attempt: int
    phase: Phase
    on_network: bool
    reason: Reason | None = None
    retryable: bool | None = None
    progress: Progress | None = None
    retry_in_s: float | None = None
    url: str | None = None
    language: str = SOURCE

    @property
    def settles(self) -> bool:
        """Whether it ends a round."""
        return self.phase.settles


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Change what the device holds, wholly or not at all.

    Attributes:
        put: Licenses to store: content to key.
        drop: Contents whose licenses go.
        component: New version of the individualized component.
        owe: A removal's receipt that the service has yet to hear of; ``""`` once it has.
        backup: Contents of the local backup.
    """

    put: tuple[tuple[str, bytes], ...] = ()
    drop: tuple[str, ...] = ()
    component: str | None = None
    owe: str | None = None
    backup: tuple[str, ...] | None = None


Effect = Send | SendTogether | Pause | Ask | Resume | Report | Keep

# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Moving(NamedTuple):
    """The request went out (``received`` is 0), or so many bytes of the reply's body have arrived."""

    received: int
    total: int


class Arrived(NamedTuple):
    """The reply is whole."""

    reply: Reply


class Broke(NamedTuple):
    """There is no whole reply."""

    reason: Reason
    detail: str = ""


class AllEnded(NamedTuple):
    """What each of several requests came to, in the order in which they were asked for."""

    events: tuple[Arrived | Broke, ...]


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The pause is over."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The user has answered."""

    yes: bool


class Kept(NamedTuple):
    """What was to be kept is kept, or, if not ``done``, nothing was changed."""

    done: bool


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """The user wants it stopped."""


Event = Moving | Arrived | Broke | AllEnded | Elapsed | Answered | Kept | CancelAsked | None
"""None answers a ``Report``."""

Logic = Generator[Effect, Event, None]
