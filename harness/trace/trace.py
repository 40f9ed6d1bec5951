"""The trace: head, entries, and the views that checks and reports read it through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from fake_servers.content_keys import key_id_text
from fake_servers.journal import ConnectionClosed, Event, FaultFired, ReplySent, RequestReceived, TruthChanged
from harness.scenario.model import Do, Scenario
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.trace.entry import DeviceChanged, Entry, OutcomeClaimed, RightsHeld, RunEnded, Seen, StatusReported, UserActed
from harness.trace.resent import superseded
from harness.trace.veil import Spell, is_within, spells, was_given_up

FORMAT = 1
K = TypeVar("K", bound=Seen | Event)


class Head(BaseModel):
    """What a trace says of its run, so that a check needs nothing else.

    Attributes:
        time: Which time the world kept: ``virtual``, ``real``, ``scaled ×12``; ``…, waits skipped`` if it skipped some. Where a
            trace does not say: virtual on the simulated network, else real.
        capabilities: What can be seen of this client: ``status``, ``outcome``, ``truth``, ``rights``, ``wire``; and what its
            profile promises: ``retry_policy``, ``attempts``, ``progress``.
        tier: How much of the wire was real: ``wire`` (aiohttp on both sides), ``raw``, ``message`` or ``model``.
        interleave: The seed that the order of what was ready at the same moment was drawn from; None if it was asyncio's own.
        invented: Exchanges whose wire format is ours, not public fact; reports mark them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    version: str
    client: str
    adapter: str
    network: str
    time: str = ""
    seed: int
    tier: Literal["model", "message", "raw", "wire"] = "wire"
    interleave: int | None = None
    capabilities: frozenset[str]
    invented: tuple[str, ...] = ()
    scenario: Scenario
    profile: Profile

    @model_validator(mode="before")
    @classmethod
    def _time_follows_from_the_network(cls, given: Any) -> Any:
        if isinstance(given, dict) and not given.get("time"):
            return {**given, "time": "virtual" if given.get("network") == "simulated" else "real"}
        return given


@dataclass(frozen=True)
class Round:
    """From ``start`` or a user's ``retry`` to the next one.

    Attributes:
        number: From 1.
        opened: The user's entry.
        entries: Every entry from it up to the next round.
    """

    number: int
    opened: Entry
    entries: tuple[Entry, ...]

    @cached_property
    def reports(self) -> tuple[Entry, ...]:
        """The entries that hold a status message."""
        return tuple(entry for entry in self.entries if isinstance(entry.what, StatusReported))

    @cached_property
    def settling(self) -> tuple[Entry, ...]:
        """The entries that settle the round: settling statuses or, for a command line, its claimed outcome."""
        return tuple(e for e in self.entries if isinstance(e.what, OutcomeClaimed) or (is_status(e) and status_of(e).settles))

    @property
    def settled(self) -> Entry | None:
        """The entry that settled it: the client's first word on how it ended."""
        return self.settling[0] if self.settling else None

    @property
    def outcome(self) -> str | None:
        """How it ended by that word, if it ended."""
        return outcome_of(self.settling[0]) if self.settling else None

    @cached_property
    def cut(self) -> Entry | None:
        """The entry that tells how the client was killed in the midst of it, before it could settle it; None if it was not."""
        kills = (e for e in self.entries if isinstance(e.what, DeviceChanged) and is_kill(e.what))
        return next((e for e in kills if self.settled is None or e.n < self.settled.n), None)

    @property
    def ended(self) -> Entry:
        """Its last entry of all."""
        return self.entries[-1]

    def acts(self, *deeds: str) -> tuple[Entry, ...]:
        """What the user did of these in it, in order; ``start`` and ``retry`` open it and count too."""
        return tuple(entry for entry in self.entries if isinstance(entry.what, UserActed) and entry.what.do in deeds)

    def of(self, kind: type[K]) -> Iterator[tuple[Entry, K]]:
        """Its entries of one kind, in order, with what they hold."""
        for entry in self.entries:
            if isinstance(entry.what, kind):
                yield entry, entry.what


@dataclass(frozen=True)
class Exchanged:
    """One request with its reply, the faults it met and what it changed in the service.

    Attributes:
        veiled: The device was cut off meanwhile, or its client killed, so that the services cannot know what the client saw.
    """

    request: Entry
    reply: Entry | None
    faults: tuple[Entry, ...]
    truths: tuple[Entry, ...]
    veiled: bool = False

    @cached_property
    def asked(self) -> RequestReceived:
        """The request itself."""
        assert isinstance(self.request.what, RequestReceived)
        return self.request.what

    @cached_property
    def contents(self) -> tuple[str, ...]:
        """The key ids of the contents that the request is for; empty where its wire names none, or nobody reads it."""
        named = self.asked.fields.get("content", "")
        return tuple(map(key_id_text, named.split(","))) if named else ()

    @cached_property
    def answered(self) -> ReplySent | None:
        """The reply itself, if one was begun."""
        return self.reply.what if self.reply is not None and isinstance(self.reply.what, ReplySent) else None

    @cached_property
    def presentations(self) -> frozenset[str]:
        """How the faults that it met present themselves."""
        return frozenset(entry.what.presents_as for entry in self.faults if isinstance(entry.what, FaultFired))


class Trace(BaseModel):
    """One run, from the first entry to ``run_ended``. Views are made when first asked for."""

    model_config = ConfigDict(frozen=True, ignored_types=(cached_property,))

    head: Head
    entries: tuple[Entry, ...]

    def of(self, kind: type[K]) -> Sequence[tuple[Entry, K]]:
        """Every entry of exactly this kind, in order, with what it holds."""
        found: Sequence[tuple[Entry, K]] = self._by_kind.get(kind, ())
        return found

    @cached_property
    def _by_kind(self) -> dict[Any, Any]:
        """Every check asks for some kind or other, so the trace is gone through once for all of them."""
        by_kind: dict[type, list[tuple[Entry, Any]]] = {}
        for entry in self.entries:
            by_kind.setdefault(type(entry.what), []).append((entry, entry.what))
        return by_kind

    @cached_property
    def worked_out(self) -> dict[object, Any]:
        """What checks have worked out of it, by what it is, for others that need the same."""
        return {}

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds, in order. Only ``start`` and ``retry`` open one; one that the client was killed in ends there."""
        opens = [e.n for e in self.entries if isinstance(e.what, UserActed) and e.what.do in ("start", Do.RETRY)]
        bounds = [*opens, len(self.entries)]
        rounds = (
            Round(number, self.entries[begin], self.entries[begin:end])
            for number, (begin, end) in enumerate(pairwise(bounds), start=1)
        )
        return tuple(
            replace(one, entries=self.entries[one.opened.n : one.cut.n + 1]) if one.cut is not None else one for one in rounds
        )

    @cached_property
    def statuses(self) -> tuple[Entry, ...]:
        """Every entry that holds a status message."""
        return tuple(entry for entry, _ in self.of(StatusReported))

    @cached_property
    def exchanges(self) -> tuple[Exchanged, ...]:
        """Every request the client made of a service, with what became of it; preflights and pages stay out.

        Redirects that the client followed belong to the request that they began with: its reply is the last of theirs. Of
        requests that a browser sent again by itself, what the client in it saw is what became of the repetition. A request
        that a client had given up, and its system delivered once the device was no longer cut off, is no request of its.
        """
        replies = {reply.request: entry for entry, reply in self.of(ReplySent)}
        faults: dict[int | None, list[Entry]] = {}
        truths: dict[int | None, list[Entry]] = {}
        for entry, fired in self.of(FaultFired):
            faults.setdefault(fired.request, []).append(entry)
        for entry, changed in self.of(TruthChanged):
            truths.setdefault(changed.request, []).append(entry)
        found: list[Exchanged] = []
        for entry, numbers in self._requests():
            reply = next((replies[number] for number in reversed(numbers) if number in replies), None)
            met = [fault for number in numbers for fault in faults.get(number, ())]
            changed_by_it = tuple(t for number in numbers for t in truths.get(number, ()))
            found.append(Exchanged(entry, reply, tuple(met), changed_by_it, self._is_veiled(entry, reply)))
        if not self.cut_off:
            return tuple(found)
        trip_s = self.head.scenario.world.latency
        return tuple(
            one for one in found if not was_given_up(self.cut_off, one.request, self.closings.get(one.asked.connection), trip_s)
        )

    @cached_property
    def cut_off(self) -> tuple[Spell, ...]:
        """When the client could not be reached."""
        return spells([entry for entry, _ in self.of(DeviceChanged)])

    def _is_veiled(self, request: Entry, reply: Entry | None) -> bool:
        if not self.cut_off:
            return False
        assert isinstance(request.what, RequestReceived)
        trip_s = self.head.scenario.world.longest_trip_s
        if reply is not None and isinstance(reply.what, ReplySent) and reply.what.complete:
            over_s = reply.at + trip_s
        else:
            closing = self.closings.get(request.what.connection)
            over_s = inf if closing is None else closing.at
        return is_within(self.cut_off, request.at - trip_s, over_s)

    def _requests(self) -> list[tuple[Entry, list[int]]]:
        """Each request with its number and those of the redirects that were followed from it."""
        requests: list[tuple[Entry, list[int]]] = []
        last: dict[str, list[int]] = {}
        for entry, request in self.of(RequestReceived):
            if request.exchange == "redirect":
                last.get(request.service, []).append(request.request)
            elif request.exchange not in ("preflight", "page", "unknown") and request.request not in self.superseded:
                last[request.service] = [request.request]
                requests.append((entry, last[request.service]))
        return requests

    @cached_property
    def superseded(self) -> dict[int, int]:
        """Number of each request that the client's browser sent again by itself, to the number of its repetition."""
        return superseded(self.entries) if self.head.adapter == "browser" else {}

    def exchanges_in(self, round_: Round) -> tuple[Exchanged, ...]:
        """The exchanges whose request arrived in this round."""
        return self._exchanges_by_round[round_.number - 1]

    @cached_property
    def _exchanges_by_round(self) -> tuple[tuple[Exchanged, ...], ...]:
        spans = [(round_.opened.n, round_.ended.n) for round_ in self.rounds]
        return tuple(tuple(one for one in self.exchanges if first <= one.request.n <= last) for first, last in spans)

    @cached_property
    def closings(self) -> dict[int, Entry]:
        """Connection number to the entry that says how it ended."""
        return {closed.connection: entry for entry, closed in self.of(ConnectionClosed)}

    @cached_property
    def rights(self) -> tuple[Entry, ...]:
        """Every entry that says what the client holds."""
        return tuple(entry for entry, _ in self.of(RightsHeld))

    def rights_around(self, round_: Round) -> tuple[Entry, Entry] | None:
        """The last word on what the client held before a round and the first after it settled; None unless both are known."""
        if round_.settled is None:
            return None
        before = next((held for held in reversed(self.rights) if held.n < round_.opened.n), None)
        after = next((held for held in self.rights if round_.settled.n < held.n <= round_.ended.n), None)
        return (before, after) if before is not None and after is not None else None

    @cached_property
    def end(self) -> RunEnded | None:
        """Why the world stopped watching; None for a trace that was cut off."""
        return next((ended for _, ended in self.of(RunEnded)), None)

    @property
    def cut_short(self) -> bool:
        """Whether the world stopped watching before the client was done: the limit, an interruption, a file that breaks off."""
        return self.end is None or self.end.why in ("limit", "interrupted")

    @property
    def profile(self) -> Profile:
        """What the client promises."""
        return self.head.profile


def is_kill(changed: DeviceChanged) -> bool:
    """Whether it tells that the client was killed."""
    return "life" in changed.needs and changed.change == "began"


def is_status(entry: Entry) -> bool:
    """Whether an entry holds a status message."""
    return isinstance(entry.what, StatusReported)


def status_of(entry: Entry) -> StatusMessage:
    """The status message that an entry holds."""
    assert isinstance(entry.what, StatusReported)
    return entry.what.status


def held_by(entry: Entry) -> RightsHeld:
    """What an entry says that the client holds."""
    assert isinstance(entry.what, RightsHeld)
    return entry.what


def outcome_of(entry: Entry) -> str:
    """The outcome that a settling entry claims."""
    return entry.what.outcome if isinstance(entry.what, OutcomeClaimed) else status_of(entry).phase.value
