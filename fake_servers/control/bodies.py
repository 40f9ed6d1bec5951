"""What is said in both directions, as models: they check what comes in, and the OpenAPI document is made from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from fake_servers.engine.host import NAME
from fake_servers.faults.script import Fate
from fake_servers.given import Given
from fake_servers.journal import ServerEvent
from fake_servers.quantities import Seconds

LARGEST_NUMBER = 2**53 - 1
"""Beyond it not every reader of JSON can tell numbers apart."""

SESSION_PATTERN = f"^{NAME.pattern}$"


SEE = "x-see"
"""In a schema here: what stands under this name in the OpenAPI document, made of a registry."""


def _decimal(value: object) -> object:
    """A number in a query; whatever else an ``int()`` might read is refused."""
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) <= 16):
            raise ValueError(f"{value[:40]!r} is not a whole number, such as 0 or 250")
        return int(value)
    return value


Number = Annotated[int, BeforeValidator(_decimal)]

SessionName = Annotated[str, Field(pattern=SESSION_PATTERN, examples=["phone-1"])]

RuleData = Annotated[dict[str, Any], WithJsonSchema({SEE: "Rule"})]
"""One fault and the moment it waits for, as a scenario writes it. Checked by ``rules_from``."""

DialectName = Annotated[str, WithJsonSchema({SEE: "Dialect"})]


class Body(BaseModel):
    """Root of what is said: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


# ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────────────


class NewSession(Body):
    """A session to open. With `scenario`, that says how it is set up; without, what stands here does."""

    name: SessionName | None = Field(default=None, description="By default s1, s2 and so on.")
    scenario: str | None = Field(
        default=None, description="One of /v1/scenarios: its dialect, given, faults and TLS. Goes without those four."
    )
    dialect: DialectName | None = Field(default=None, description="The wire format; clearkey by default.")
    given: Given | None = Field(default=None, description="How the service and the device stand when it begins.")
    faults: list[RuleData] = Field(default=[], max_length=1000, description="What goes wrong, and when.")
    tls: bool | None = Field(
        default=None, description="Speak HTTPS. By default as the scenario says, or not; always where other machines can come."
    )
    ports: Literal["own", "shared"] | None = Field(
        default=None,
        description="A port for each service, which faults of connect and TLS need; or the one that all sessions share, if "
        "serve was started with --port. By default shared if there is one.",
    )
    expires_after: Seconds | None = Field(
        default=None, description="Closed after so long without a request, a call or an open connection. By default 1 h."
    )


class Faults(Body):
    """A fault script."""

    faults: list[RuleData] = Field(max_length=1000, description="What goes wrong, and when; empty for nothing.")


class LogQuery(Body):
    """Which part of a log."""

    after: Number = Field(default=0, ge=0, le=LARGEST_NUMBER, description="Events with a higher number only.")
    limit: Number = Field(default=200, ge=1, le=1000, description="So many at most.")


class EventsQuery(Body):
    """Which events to follow."""

    session: SessionName | None = Field(default=None, description="Of this session only.")


# ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────────


class Health(Body):
    """How the service is."""

    status: Literal["live", "ready"]
    sessions: int = Field(description="Open now.")
    up_s: float = Field(description="Seconds since it began.")
    log_limit: int = Field(description="Events held of each session.")


class Names(Body):
    """Names to choose from."""

    names: list[str]


class FaultKind(Body):
    """One kind of fault."""

    name: str
    layer: str = Field(description="Where it acts: connect, tls, bytes, http or service.")
    about: str
    parameters: dict[str, Any] = Field(description="JSON Schema of what goes beside `when` and `fault`.")


class FaultKinds(Body):
    """Every kind of fault that a script may name."""

    faults: list[FaultKind]


class SessionState(Body):
    """A session as it stands."""

    name: SessionName
    scenario: str | None
    dialect: DialectName
    tls: bool
    ports: Literal["own", "shared"]
    endpoints: dict[str, str] = Field(description="For each exchange of the dialect, where a client asks.")
    run: int = Field(description="From 1; a reset or a new script begins the next one.")
    requests: int = Field(description="Heard in this run.")
    open_connections: int
    held: int = Field(description="Events that can be read.")
    dropped: int = Field(description="Events that grew too old and are not held any more.")
    expires_after: Seconds | None = Field(description="null: never.")


class SessionStates(Body):
    """The sessions that are open."""

    sessions: list[SessionState]


class RuleState(Body):
    """One fault, and what became of it in this run."""

    position: int = Field(description="As `faults` in events name it, from 0.")
    fate: Fate
    rule: RuleData


class Script(Body):
    """A session's fault script, and what became of each fault."""

    session: SessionName
    run: int
    faults: list[RuleState]


class Entry(Body):
    """One event of a log."""

    number: int = Field(description="From 1, over all sessions.")
    time: Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
    at_s: float = Field(description="Seconds since the service began; a date may jump, these do not.")
    session: SessionName
    run: int
    event: ServerEvent


class LogPage(Body):
    """A part of a session's log, oldest first."""

    session: SessionName
    entries: list[Entry]
    next: int = Field(description="What to give as `after` for what follows.")
    more: bool = Field(description="There is more already.")
    lost: bool = Field(description="Events between `after` and the first of these are not held any more.")
    dropped: int = Field(description="Events of this session that are not held any more.")


class Truth(Body):
    """What the services know to have happened in this run, whatever a client was told of it."""

    session: SessionName
    run: int
    truth: dict[str, Any]
    forgotten: int = Field(description="Things that grew too many to be remembered, oldest first.")
