"""A trace as literal words, so that a test reads like what happened: ``trace_of("start", "started", "asks license", …)``.

A word is one of

- a deed of the user (``start``, ``retry``, ``cancel``, ``consent`` …) or a phase (``started``, ``succeeded`` …),
- ``+2.5``: so many seconds pass (a hundredth of a second passes before any other word),
- ``asks license``: a request of that exchange, on a connection of its own,
- ``answers granted``: the whole reply to the latest request; ``goes silent``: its reply never comes, the client hangs up,
- ``truth license_issued``: the store changed, by the latest request,
- or one of the functions below, where more has to be said than a word can say.

The run ends ``settled`` unless ``ends`` says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import fake_servers.faults  # noqa: F401  # registers the faults that these traces name
from fake_servers.faults.base import FAULTS
from fake_servers.faults.script import SERVICE_OF
from fake_servers.given import Given
from fake_servers.journal import (
    ConnectionClosed,
    ConnectionOpened,
    ConnectionRefused,
    Event,
    FaultFired,
    ListenerChanged,
    ReplySent,
    RequestReceived,
    TruthChanged,
)
from fake_servers.services.decision import Exchange
from harness.scenario.model import Do, Expectation, Outcome, Scenario, Settings
from harness.scenario.profile import Profile
from harness.status.message import Progress, StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.trace.entry import ClientNoted, Entry, OutcomeClaimed, RightsHeld, RunEnded, Seen, StatusReported, UserActed, What
from harness.trace.trace import Head, Trace

EVERYTHING = frozenset({"status", "outcome", "truth", "rights", "wire", "retry_policy", "attempts", "progress"})
STEP_S = 0.01

PARAMETERS: dict[str, dict[str, Any]] = {
    "delay": {"delay": "2 s"},
    "drip": {"chunk": "1 byte", "every": "1 s"},
    "fin_after": {"after_bytes": "0 bytes"},
    "reset_after": {"after_bytes": "0 bytes"},
    "retry_after": {"retry_after": "5 s"},
    "stall_after": {"after_bytes": "0 bytes", "stall": "5 min"},
    "status": {"status": 503},
    "truncate": {"drop": "1 byte"},
}
"""What a fault needs to be made; only how it presents itself matters here."""


@dataclass
class Writing:
    """A trace in the making: the clock, and what the next word refers to."""

    operation: Operation
    entries: list[Entry] = field(default_factory=list)
    at: float = 0.0
    requests: list[RequestReceived] = field(default_factory=list)
    connections: int = 0
    nths: Counter[str] = field(default_factory=Counter)
    round: int = 0

    def write(self, what: Seen | Event) -> None:
        """The next entry."""
        self.entries.append(Entry(n=len(self.entries), at=round(self.at, 6), what=cast("What", what)))

    @property
    def latest(self) -> RequestReceived:
        """The request that a reply, fault or truth belongs to, unless it says otherwise."""
        return self.requests[-1]


Word = str | Callable[[Writing], None]


def trace_of(
    *words: Word,
    operation: str = "license_acquisition",
    network: Literal["simulated", "loopback"] = "simulated",
    capabilities: frozenset[str] = EVERYTHING,
    profile: dict[str, Any] | None = None,
    given: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    dialect: str = "wmdrm",
    expect: Expectation | None = None,
) -> Trace:
    """The trace that these words tell."""
    writing = Writing(Operation(operation))
    for word in words:
        said = _spelled(word) if isinstance(word, str) else word
        if not (isinstance(word, str) and word.startswith("+")) and writing.entries:
            writing.at += STEP_S
        said(writing)
    if not any(isinstance(entry.what, RunEnded) for entry in writing.entries) and words[-1] is not breaks_off:
        writing.at += STEP_S
        writing.write(RunEnded(why="settled"))
    scenario = Scenario(
        about="told by a test, word by word",
        operation=writing.operation,
        dialect=dialect,
        given=Given.model_validate(given or {}),
        settings=Settings.model_validate(settings or {}),
        expect=expect or Expectation(outcome=Outcome.SUCCEEDED),
    )
    promises = Profile.model_validate({"name": "literal", **(profile or {})})
    head = Head(
        version="0",
        client="literal",
        adapter="python",
        network=network,
        seed=0,
        capabilities=capabilities - ({"retry_policy"} if promises.retry is None else frozenset()),
        scenario=scenario,
        profile=promises,
    )
    return Trace(head=head, entries=tuple(writing.entries))


def _spelled(word: str) -> Callable[[Writing], None]:
    verb, _, what = word.partition(" ")
    if word.startswith("+"):
        return _passes(float(word))
    if word == "start" or word in set(Do):
        return _does(word)
    if word in set(Phase):
        return says(word)
    if word == "goes silent":
        return goes_silent
    verbs: dict[str, Callable[[str], Callable[[Writing], None]]] = {
        "asks": asks,
        "answers": answers,
        "truth": truth,
        "fires": fires,
    }
    return verbs[verb](what)


def _passes(seconds: float) -> Callable[[Writing], None]:
    def word(writing: Writing) -> None:
        writing.at += seconds

    return word


def _does(deed: str) -> Callable[[Writing], None]:
    def word(writing: Writing) -> None:
        writing.round += deed in ("start", "retry")
        writing.write(UserActed(do="start" if deed == "start" else Do(deed)))

    return word


def says(
    phase: str,
    *,
    reason: str | None = None,
    retryable: bool | None = None,
    text: str = "What happened, in words.",
    done: int | None = None,
    total: int = 0,
    **rest: Any,
) -> Callable[[Writing], None]:
    """The client reports a status."""

    def word(writing: Writing) -> None:
        said = {"operation": writing.operation, "round": max(writing.round, 1), "phase": phase, "reason": reason, "text": text}
        progress = Progress(done=done, total=total) if done is not None else None
        status = StatusMessage.model_validate({**said, "retryable": retryable, "progress": progress, **rest})
        writing.write(StatusReported(status=status))

    return word


def claims(outcome: str, exit_status: int = 0) -> Callable[[Writing], None]:
    """A command line ends."""
    return lambda writing: writing.write(OutcomeClaimed(outcome=cast(Any, outcome), exit_status=exit_status))


def notes(text: str, what: str = "stderr") -> Callable[[Writing], None]:
    """The client prints something."""
    return lambda writing: writing.write(ClientNoted(what=what, text=text))


def holds(*licenses: str, individualized: bool = True) -> Callable[[Writing], None]:
    """The client says what it holds."""
    return lambda writing: writing.write(RightsHeld(licenses=licenses, individualized=individualized))


def asks(exchange: str, *, connection: int | None = None, **fields: str) -> Callable[[Writing], None]:
    """A request of an exchange; ``connection`` goes over an older one."""

    def word(writing: Writing) -> None:
        if connection is None:
            writing.connections += 1
            service = _service(exchange)
            writing.write(ConnectionOpened(connection=writing.connections, service=service))
        writing.nths[exchange] += 1
        request = RequestReceived(
            request=len(writing.requests) + 1,
            connection=connection or writing.connections,
            service=_service(exchange),
            exchange=exchange,
            nth=writing.nths[exchange],
            method="POST",
            path=f"/{exchange}",
            fields=fields,
        )
        writing.requests.append(request)
        writing.write(request)

    return word


def answers(
    answer: str, *, to: int | None = None, complete: bool = True, status: int = 200, **rest: Any
) -> Callable[[Writing], None]:
    """The reply to the latest request, or to the one of this number."""

    def word(writing: Writing) -> None:
        asked = writing.latest if to is None else writing.requests[to - 1]
        writing.write(
            ReplySent(
                request=asked.request,
                connection=asked.connection,
                service=asked.service,
                exchange=asked.exchange,
                nth=asked.nth,
                status=status,
                answer=answer,
                complete=complete,
                sent_bytes=200,
                **rest,
            )
        )

    return word


def closes(by: Literal["client", "server"] = "client", *, is_answered: bool = False) -> Callable[[Writing], None]:
    """The connection of the latest request ends."""

    def word(writing: Writing) -> None:
        asked = writing.latest
        open_request = None if is_answered else asked.request
        writing.write(
            ConnectionClosed(connection=asked.connection, service=asked.service, by=by, how="fin", open_request=open_request)
        )

    return word


def goes_silent(writing: Writing) -> None:
    """The service never answers the latest request, and the client hangs up."""
    fires("stall_after")(writing)
    writing.at += 10.0
    closes("client")(writing)


def breaks(fault: str = "reset_after", answer: str = "granted") -> Callable[[Writing], None]:
    """A fault cuts the reply to the latest request; the service had acted."""

    def word(writing: Writing) -> None:
        fires(fault)(writing)
        answers(answer, complete=False)(writing)
        closes("server")(writing)

    return word


def fires(fault: str, *, presents_as: str | None = None) -> Callable[[Writing], None]:
    """A fault meets the latest request."""

    def word(writing: Writing) -> None:
        asked = writing.latest
        writing.write(
            FaultFired(
                fault=0,
                name=fault,
                presents_as=presents_as or _presentation(fault),
                service=asked.service,
                request=asked.request,
                connection=asked.connection,
                exchange=asked.exchange,
                nth=asked.nth,
            )
        )

    return word


def connects_into(fault: str, service: str = "license") -> Callable[[Writing], None]:
    """A connection meets a connect or TLS fault before any request."""

    def word(writing: Writing) -> None:
        writing.connections += 1
        connection = writing.connections
        writing.write(ConnectionOpened(connection=connection, service=service))
        writing.write(FaultFired(fault=0, name=fault, presents_as=_presentation(fault), service=service, connection=connection))

    return word


def is_refused(service: str = "license") -> Callable[[Writing], None]:
    """A connect attempt meets a closed port."""
    return lambda writing: writing.write(ConnectionRefused(service=service))


def listens(listening: bool, service: str = "license") -> Callable[[Writing], None]:
    """A service's port stops or resumes listening."""
    return lambda writing: writing.write(ListenerChanged(service=service, listening=listening))


def truth(what: str, **data: Any) -> Callable[[Writing], None]:
    """The store changed."""

    def word(writing: Writing) -> None:
        request = writing.latest.request if writing.requests else None
        service = writing.latest.service if writing.requests else "license"
        writing.write(TruthChanged(service=service, what=what, request=request, data=data))

    return word


def ends(why: str, **rest: Any) -> Callable[[Writing], None]:
    """The world stops watching."""
    return lambda writing: writing.write(RunEnded(why=why, **rest))


def breaks_off(writing: Writing) -> None:
    """The trace has no end. As the last word only."""


def _service(exchange: str) -> str:
    return SERVICE_OF[Exchange(exchange)] if exchange in set(Exchange) else "license"


def _presentation(fault: str) -> str:
    return FAULTS[fault].model_validate(PARAMETERS.get(fault, {})).presents_as().value
