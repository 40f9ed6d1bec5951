"""What passes a proxy, as a trace: the wire is seen, and nothing that a client says to its user."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import harness
from fake_servers.faults.script import FaultScript
from fake_servers.journal import Event, RequestReceived
from harness.adapters.capabilities import IN_STATUSES, promised_by
from harness.scenario.model import Do, Scenario
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.trace.entry import Entry, RunEnded, UserActed
from harness.trace.trace import Head, Trace
from harness.world.recorder import Recorder

MOST_ENTRIES = 100_000
"""Some hundred bytes each. A proxy that is up for longer is cut short there, and its verdicts say so."""

STOPPED, QUIET, TIME_IS_UP, FULL = "stopped", "quiet", "time_is_up", "limit"
"""Why nobody watches any more. All but the last are as good an end as any: the user chose them."""


def unpromising(client: str, operation: Operation) -> Profile:
    """The profile of a client of which nothing is known but what it is asked to do."""
    return Profile(name=client, operations=(operation,), phases=(), retry=None, reports_attempts=False, reports_progress=False)


class Passing:
    """One session's traffic on its way into a trace.

    Args:
        client: Its name in reports.
        seed: Of the proxy's choices.

    Attributes:
        script: The scenario's faults, for this session alone.
        requests: How many have passed.
    """

    def __init__(self, scenario: Scenario, client: str, profile: Profile, seed: int) -> None:
        self.script = FaultScript(scenario.faults)
        self.requests = 0
        self.watchers: list[Callable[[Entry], None]] = []
        self._recorder = Recorder(asyncio.get_running_loop())
        self._scenario, self._client, self._profile, self._seed = scenario, client, profile, seed

    @property
    def is_full(self) -> bool:
        """Whether no more is kept."""
        return len(self._recorder.entries) >= MOST_ENTRIES

    def begin(self) -> None:
        """Time zero; whoever uses the client is taken to have started now."""
        self._recorder.begin()
        self._recorder.watchers += self.watchers
        self._recorder.record(UserActed(do="start"))

    def hear(self, event: Event) -> None:
        """The session's journal."""
        self.requests += isinstance(event, RequestReceived)
        if not self.is_full:
            self._recorder.record(event)

    def user_retries(self) -> None:
        """Whoever uses the client has tried again: what it sends from now on is no repetition of its own accord."""
        if not self.is_full:
            self._recorder.record(UserActed(do=Do.RETRY))

    def ended(self, why: str, open_connections: int) -> Trace:
        """All that passed. Call it once, after the session was closed."""
        fates = tuple(fate.value for fate in self.script.fates())
        self._recorder.record(RunEnded(why=FULL if self.is_full else why, fates=fates, open_connections=open_connections))
        return Trace(head=self._head(), entries=tuple(self._recorder.entries))

    def _head(self) -> Head:
        return Head(
            version=harness.__version__,
            client=self._client,
            adapter="proxy",
            network="loopback",
            seed=self._seed,
            capabilities=seen_in_passing(self._profile),
            scenario=self._scenario,
            profile=self._profile,
        )


def seen_in_passing(profile: Profile) -> frozenset[str]:
    """What can be seen of a client whose service is somebody else's: no status, no truth."""
    return frozenset({"wire"}) | (promised_by(profile) - IN_STATUSES)


def requests_in(passings: Iterable[Passing]) -> int:
    """How many requests have passed in all."""
    return sum(passing.requests for passing in passings)
