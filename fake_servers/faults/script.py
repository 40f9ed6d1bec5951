"""The fault script: which faults meet which requests and connections, and afterwards which of them fired.

Addressing follows what a server can know. Before the first byte it knows the port and the connection's number only, so connect
and TLS faults are addressed by service and connection, or by service and time; everything later is addressed by exchange.
"""

from __future__ import annotations

import re
from enum import StrEnum
from random import Random
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_serializer, model_validator

from fake_servers.errors import ScriptError
from fake_servers.faults.base import FAULTS, ConnectFault, ConnectPlan, Fault, Layer, ServiceFault
from fake_servers.quantities import Seconds
from fake_servers.services.decision import Exchange

Service = Literal["individualization", "license", "revocation", "backup"]
SERVICES: tuple[Service, ...] = ("individualization", "license", "revocation", "backup")

SERVICE_OF: dict[Exchange, Service] = {
    Exchange.INDIVIDUALIZATION: "individualization",
    Exchange.LICENSE: "license",
    Exchange.MONITOR: "license",
    Exchange.REVOCATION: "revocation",
    Exchange.ACKNOWLEDGEMENT: "revocation",
    Exchange.RELEASE: "revocation",
    Exchange.BACKUP: "backup",
    Exchange.RESTORE: "backup",
}
"""Each exchange goes to one service; each service has a port of its own in a session."""


_RANGE = re.compile(r"\s*(\d{1,4}) to (\d{1,4})\s*")


def _numbers(value: object) -> object:
    """``2 to 4`` as the numbers that it means."""
    if not isinstance(value, str):
        return value
    match = _RANGE.fullmatch(value)
    if match is None or int(match[1]) > int(match[2]):
        raise ValueError(f"{value!r} is no number and no range of numbers; write it like this: 2, or '2 to 4'")
    return tuple(range(int(match[1]), int(match[2]) + 1))


Nth = Annotated[
    int | tuple[int, ...],
    BeforeValidator(_numbers),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "array", "items": {"type": "integer", "minimum": 1}},
                {"type": "string", "pattern": r"^\s*\d{1,4} to \d{1,4}\s*$", "examples": ["2 to 4"]},
            ]
        }
    ),
]
"""Numbers from 1: one, a list, or a range such as ``2 to 4``."""


class When(BaseModel):
    """Which moment a fault waits for. What is said of an exchange must all be true of a request, so that the fault meets it.

    Attributes:
        exchange: The exchange it meets; every request of it, unless the other keys say which.
        nth: Which requests of the exchange: a number from 1, a list, or a range such as ``2 to 4``.
        service: The service whose port it stands at; with ``connection`` (from 1), or with ``from`` and ``for``.
        from_s: Seconds after the session's start at which it begins; ``from`` in YAML. An exchange may leave
            it out: from the start.
        for_s: For how long; ``for`` in YAML.
        probability: Of an exchange: the share of requests that it meets, above 0; each is drawn from the world's seed.
        waiting_more_than: Of an exchange: only while more requests than this wait for their reply, this one included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    exchange: Exchange | None = None
    nth: Nth | None = None
    service: Service | None = None
    connection: int | None = Field(default=None, ge=1)
    from_s: Seconds | None = Field(default=None, alias="from")
    for_s: Seconds | None = Field(default=None, alias="for")
    probability: float | None = Field(default=None, gt=0, lt=1)
    waiting_more_than: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.exchange is None) == (self.service is None):
            raise ValueError("give either 'exchange' (with 'nth') or 'service' (with 'connection', or with 'from' and 'for')")
        if self.exchange is not None and self.connection:
            raise ValueError("'connection' goes with 'service', not with 'exchange'")
        if self.exchange is not None and self.from_s is not None and self.for_s is None:
            raise ValueError("'from' needs 'for': how long does it last?")
        if self.service is not None and (self.probability is not None or self.waiting_more_than is not None):
            raise ValueError("'probability' and 'waiting_more_than' go with 'exchange': a port knows no requests yet")
        if self.service is not None:
            by_time = self.from_s is not None and self.for_s is not None
            if self.nth is not None or (self.connection is not None) == by_time:
                raise ValueError("'service' goes with 'connection', or with both 'from' and 'for'")
        if self.nth is not None and min(self.nths) < 1:
            raise ValueError("'nth' counts from 1")
        return self

    @property
    def is_conditional(self) -> bool:
        """Whether more than its number decides if a request meets the fault."""
        return self.exchange is not None and any(
            each is not None for each in (self.for_s, self.probability, self.waiting_more_than)
        )

    @property
    def nths(self) -> tuple[int, ...]:
        """The numbers that ``nth`` names; empty means every one."""
        return self.nth if isinstance(self.nth, tuple) else () if self.nth is None else (self.nth,)


class Rule(BaseModel):
    """One line of a script: a fault and the moment it waits for.

    As data it is flat, as a scenario writes it: ``{when: {...}, fault: reset_after, after_bytes: 120 bytes}``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: When
    fault: Fault

    @model_validator(mode="before")
    @classmethod
    def _from_flat(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("fault"), str):
            return data
        rest = dict(data)
        when, name = rest.pop("when", None), rest.pop("fault")
        return {"when": when, "fault": FAULTS[name].model_validate(rest)}

    @model_serializer
    def _to_flat(self) -> dict[str, Any]:
        when = self.when.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {"when": when, "fault": self.fault.name, **self.fault.model_dump(mode="json")}

    @model_validator(mode="after")
    def _addressable(self) -> Self:
        early = self.fault.layer in (Layer.CONNECT, Layer.TLS)
        if early != (self.when.service is not None):
            how = "{service, connection} or {service, from, for}" if early else "{exchange, nth}"
            raise ValueError(
                f"{self.fault.name!r} acts {'before a request is read' if early else 'on a reply'}: address it by {how}"
            )
        shuts = isinstance(self.fault, ConnectFault) and self.fault.on_connect() in (ConnectPlan.REFUSE, ConnectPlan.DROP)
        if shuts and self.when.connection:
            raise ValueError(f"a server cannot see whom it refused: address {self.fault.name!r} by {{service, from, for}}")
        if isinstance(self.fault, ServiceFault) and self.when.exchange not in self.fault.exchanges:
            meant = ", ".join(exchange for exchange in Exchange if exchange in self.fault.exchanges)
            raise ValueError(f"no {self.when.exchange} service decides {self.fault.name!r}: its exchanges are {meant}")
        return self


class Fate(StrEnum):
    """What became of a rule."""

    FIRED = "fired"
    UNFIRED = "unfired"  # its moment came, and it changed nothing
    NOT_REACHED = "not_reached"  # its moment never came


class Place(Protocol):
    """What a session knows of the moment in which a request has come."""

    @property
    def elapsed_s(self) -> float: ...
    @property
    def waiting(self) -> int: ...
    def chance(self, position: int, exchange: Exchange, nth: int) -> Random: ...


class FaultScript:
    """A session's rules with their accounting. Positions are those of the scenario's list, from 0.

    Attributes:
        place: Where it is carried out; asked only by rules with conditions.

    Raises:
        ScriptError: Two rules of one layer claim the same moment in a way that cannot both be carried out.
    """

    place: Place

    def __init__(self, rules: tuple[Rule, ...] = ()) -> None:
        self.rules = rules
        self._matched: set[int] = set()
        self._fired: set[int] = set()
        # Sorted once by what every request asks: which rules await its exchange, and up to which connection one is awaited.
        self._of_exchange: dict[Exchange, list[tuple[int, tuple[int, ...], Fault]]] = {}
        self._last_awaited: dict[str, int] = {}
        self._conditional = frozenset(position for position, rule in enumerate(rules) if rule.when.is_conditional)
        for position, rule in enumerate(rules):
            when = rule.when
            if when.exchange is not None:
                self._of_exchange.setdefault(when.exchange, []).append((position, when.nths, rule.fault))
            elif when.service is not None and when.connection is not None:
                self._last_awaited[when.service] = max(when.connection, self._last_awaited.get(when.service, 0))

    def for_exchange(self, exchange: Exchange, nth: int) -> list[tuple[int, Fault]]:
        """The faults that this request meets, in script order. Marks them as matched."""
        rules = self._of_exchange.get(exchange, ())
        met = [(position, fault) for position, nths, fault in rules if not nths or nth in nths]
        if met and self._conditional:
            met = [one for one in met if one[0] not in self._conditional or self._holds(one[0], exchange, nth)]
        if met:
            self._matched.update(position for position, _ in met)
        return met

    def _holds(self, position: int, exchange: Exchange, nth: int) -> bool:
        """Whether all that this rule asks for beside its number is so, now."""
        when, place = self.rules[position].when, self.place
        if when.for_s is not None and not (when.from_s or 0.0) <= place.elapsed_s < (when.from_s or 0.0) + when.for_s:
            return False
        if when.waiting_more_than is not None and place.waiting <= when.waiting_more_than:
            return False
        return when.probability is None or place.chance(position, exchange, nth).random() < when.probability

    def for_connection(self, service: str, connection: int, elapsed_s: float) -> tuple[int, Fault] | None:
        """The fault that this connection meets (number per service, from 1). Marks it as matched."""
        for position, rule in enumerate(self.rules):
            when = rule.when
            if when.service == service and (when.connection == connection or self._is_due(when, elapsed_s)):
                self._matched.add(position)
                return position, rule.fault
        return None

    def scripted_for(self, service: str, connection: int) -> bool:
        """Whether connection ``connection`` of ``service`` is awaited by a rule; the server then lets no idle one live on."""
        return connection <= self._last_awaited.get(service, 0)

    def windows(self) -> list[tuple[int, Rule]]:
        """The rules that stand at a port for a time."""
        return [
            (position, rule)
            for position, rule in enumerate(self.rules)
            if rule.when.service is not None and rule.when.from_s is not None
        ]

    def is_due(self, position: int, elapsed_s: float) -> bool:
        """Whether the window of this rule is open at this time of the session."""
        return self._is_due(self.rules[position].when, elapsed_s)

    def matched(self, position: int) -> None:
        """The moment of this rule came."""
        self._matched.add(position)

    def fired(self, position: int) -> None:
        """This rule's fault changed something."""
        if not 0 <= position < len(self.rules):
            raise ScriptError(f"no rule has position {position}")
        self._matched.add(position)
        self._fired.add(position)

    def fates(self) -> list[Fate]:
        """What became of each rule, in script order."""
        return [
            Fate.FIRED if n in self._fired else Fate.UNFIRED if n in self._matched else Fate.NOT_REACHED
            for n in range(len(self.rules))
        ]

    @staticmethod
    def _is_due(when: When, elapsed_s: float) -> bool:
        return when.from_s is not None and when.for_s is not None and when.from_s <= elapsed_s < when.from_s + when.for_s
