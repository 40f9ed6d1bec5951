"""A scenario: operation, world settings, fault script, user actions, expectation. Frozen values; ``load.py`` reads the YAML.

A scenario names no client's profile, and its ``expect`` is true of every honest client.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_serializer, model_validator

from fake_servers.faults.script import Rule
from fake_servers.given import Given
from fake_servers.quantities import ByteCount, Seconds, seconds_text
from harness.device.event import EVENTS, DeviceEvent
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason


class Part(BaseModel):
    """Root of a scenario's parts: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Do(StrEnum):
    """What a user can do."""

    RETRY = "retry"
    CANCEL = "cancel"
    CONSENT = "consent"
    REFUSE = "refuse"
    OVERWRITE = "overwrite"
    KEEP = "keep"  # do not overwrite
    COMPLETE_PAGE = "complete_page"


class Moment(StrEnum):
    """What a user waits for. Any phase is a moment too: the first time that a status of it arrives."""

    RETRY_OFFERED = "retry_offered"


class UserAction(Part):
    """One act of the user, once: at a time, or after a moment.

    Attributes:
        when: ``retry_offered`` (a settling status that does not rule a retry out) or a phase. Of several actions that wait for
            the same moment, the first that is not used up is taken.
        at: Seconds after the start, instead of ``when``.
        do: What the user does.
        after: How long the user takes.
        times: How often the action is taken at most, each for a new moment.
    """

    when: Moment | Phase | None = None
    at: Seconds | None = None
    do: Do
    after: Seconds = 0.0
    times: int = Field(default=1, ge=1, le=100)

    @model_validator(mode="after")
    def _one_moment(self) -> Self:
        if (self.when is None) == (self.at is None):
            raise ValueError("give either 'when' or 'at'")
        return self


class DeviceStep(Part):
    """One thing that happens to the device, once: at a time, or after a moment.

    As data it is flat, as a scenario writes it: ``{at: 3 s, event: offline, for: 20 s}``.

    Attributes:
        when: A phase: the first time that a status of it arrives. Of several steps that wait for the same one, the first is
            taken the first time.
        at: Seconds after the start, instead of ``when``.
        after: How long after its moment it happens.
        event: What happens, by its name; its own keys stand beside.
    """

    when: Phase | None = None
    at: Seconds | None = None
    after: Seconds = 0.0
    event: DeviceEvent

    @model_validator(mode="before")
    @classmethod
    def _from_flat(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("event"), str):
            return data
        rest = dict(data)
        own = {key: rest.pop(key) for key in ("when", "at", "after") if key in rest}
        return {**own, "event": EVENTS[rest.pop("event")].model_validate(rest)}

    @model_serializer
    def _to_flat(self) -> dict[str, Any]:
        moment = {"when": self.when.value} if self.when is not None else {"at": seconds_text(self.at or 0.0)}
        after = {"after": seconds_text(self.after)} if self.after else {}
        own = self.event.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {**moment, **after, "event": self.event.name, **own}

    @model_validator(mode="after")
    def _one_moment(self) -> Self:
        if (self.when is None) == (self.at is None):
            raise ValueError("give either 'when' or 'at'")
        return self


class Outcome(StrEnum):
    """How an operation can end: the settling phases."""

    SUCCEEDED = Phase.SUCCEEDED.value
    FAILED = Phase.FAILED.value
    CANCELLED = Phase.CANCELLED.value
    BLOCKED = Phase.BLOCKED.value
    DECLINED = Phase.DECLINED.value


class Expectation(Part):
    """What must be true at the end, of every honest client.

    Attributes:
        outcome: The last settling status is one of these.
        reasons: If given, the reason of the last settling status, where the client gives one, is one of these.
        holds: Contents whose licenses the device holds at the end, no more and no fewer.
        requests: Exchange to the most requests that any honest client makes of it; 0 means none at all.
    """

    outcome: Outcome | tuple[Outcome, ...]
    reasons: tuple[Reason, ...] = ()
    holds: tuple[str, ...] | None = None
    requests: dict[str, int] = Field(default_factory=dict)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes, always as a tuple."""
        return self.outcome if isinstance(self.outcome, tuple) else (self.outcome,)


def _utc(date: datetime) -> datetime:
    """A date without a zone is meant in UTC, wherever the file is read."""
    return date if date.tzinfo else date.replace(tzinfo=UTC)


class WorldSettings(Part):
    """How the world is set up.

    Attributes:
        date: The world's date when the run begins; UTC unless it says otherwise.
        tls: The services speak HTTPS.
        latency: One-way delay of the simulated network. The next four are the simulated network's, too.
        jitter: Up to this much more delay for each piece, drawn evenly; pieces of a connection keep their order.
        segment: Most bytes that arrive at once (1460 bytes on most Ethernets); by default whatever was sent at once.
        window: Most bytes that a connection carries in one direction before the receiver has read them.
        loses_unread_on_reset: A reset discards what has arrived and was not read yet, as on BSD and Windows.
        limit: The run is cut short after this much of the world's time; it is then inconclusive.
        observe: How long the world still watches after the last round has settled and the user has nothing left to do.
    """

    date: Annotated[datetime, AfterValidator(_utc)] = datetime(2026, 1, 1, tzinfo=UTC)
    tls: bool = False
    latency: Seconds = 0.0005
    jitter: Seconds = 0.0
    segment: Annotated[ByteCount, Field(ge=1)] | None = None
    window: Annotated[ByteCount, Field(ge=1)] = 65_536
    loses_unread_on_reset: bool = False
    limit: Seconds = 900.0
    observe: Seconds = 60.0

    @property
    def longest_trip_s(self) -> float:
        """Seconds that a piece takes one way on the simulated network, at most."""
        return self.latency + self.jitter


class Settings(Part):
    """What the application asks of the client when it starts the operation.

    Attributes:
        individualize_consented: A restore's WM_RESTORE_INDIVIDUALIZE: the user has agreed to individualization beforehand.
        overwrite: A backup's WM_BACKUP_OVERWRITE: the user has agreed to replace an existing backup beforehand.
        supported: False: the client runs where DRM is absent (the SDK on x64).
        restore_order: Which of the two documented message orders a restore uses.
        language: What its user reads, as ``fr`` or ``pt-BR``. A client that has no words in it speaks one that it has.
    """

    individualize_consented: bool = False
    overwrite: bool = False
    supported: bool = True
    restore_order: Literal["begin_last", "begin_first"] = "begin_last"
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")


class Scenario(Part):
    """One situation, from start to expectation.

    Attributes:
        about: The real situation, in one sentence.
        name: Where it came from: the file's path below the scenario folder, without ``.yaml``; filled by the loader.
        operation: What the client is asked to do.
        dialect: The wire format the services speak.
        source: The public thread or clause it stems from.
        tags: Words to select by.
        seed: Names the run, together with the version.
        world: How the world is set up.
        given: How the service and the device stand when it begins.
        settings: What the application asks of the client.
        faults: What goes wrong, and when.
        device: What happens to the device meanwhile.
        user: What the user does, in this order.
        expect: What must be true at the end, of every honest client.
    """

    about: str = Field(min_length=10)
    name: str = Field(default="unnamed", json_schema_extra={"readOnly": True})
    operation: Operation
    dialect: str = "wmdrm"
    source: str | None = None
    tags: tuple[str, ...] = ()
    seed: int = Field(default=0, ge=0)
    world: WorldSettings = WorldSettings()
    given: Given = Given()
    settings: Settings = Settings()
    faults: tuple[Rule, ...] = ()
    device: tuple[DeviceStep, ...] = ()
    user: tuple[UserAction, ...] = ()
    expect: Expectation
