"""Plays the probes with one client: in virtual time where it can, else on loopback, within a budget of real time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil, inf

from fake_servers.errors import FakeServerError
from fake_servers.faults.base import Network
from harness.adapters.protocol import ClientUnderTest
from harness.errors import AdapterError, HarnessError
from harness.probe import probes as p
from harness.probe.probes import Probe
from harness.probe.reading import Broken, broken, factor_of, fails_calmly, given_up_after_s, grain_of, outcome_of, pauses_of
from harness.runner.run import Watcher, play
from harness.runner.time import Asked, TimeWanted, pace_for
from harness.scenario.model import Scenario
from harness.status.operation import Operation
from harness.trace.trace import Trace
from harness.world.real_time import loopback_latency_s, real_s

SEEDS: Mapping[Network, int] = {"simulated": 64, "loopback": 8}
"""So many runs of a client whose pauses differ from run to run; two of one whose pauses do not. A band's ends are known to one
part in as many as there are pauses: 64 runs with three pauses each tell a jitter of 0.2 to within 0.002."""

BUDGET_S = 300.0
"""Real seconds for all probes together, unless the user grants more."""

RUN_S, LADDER_S = 20.0, 60.0
"""Real seconds that one run on loopback may take, and one whose pauses are measured."""

WAIT_S = 15.0
"""Real seconds that one Retry-After may cost."""

AIM_S = 6.0
"""A run whose pauses are measured goes as fast as is needed to take so much real time; slower is more exact."""

CLOSE_ENOUGH_S, CLOSE_ENOUGH = 1.0, 0.01
"""How exactly the longest Retry-After that is heeded is looked for, in virtual time: in seconds, and as a share."""

USED_UP = "the time allowed for measuring was used up before; give more with --budget"

NOT_OVER_TLS = "it gets no license over TLS; does it trust the authority that it is told to (of a command: {ca_file})?"

Tell = Callable[[int, str], None]
"""Told the number of each run and the question that it puts."""


class NotMeasurableError(HarnessError):
    """Nothing can be measured of this client; the text says what it did, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The client to be measured.

    Attributes:
        name: In the profile.
        spec: As on the command line.
        adapter: How it joins.
        make: Makes a fresh one.
        network: Where it is measured.
    """

    name: str
    spec: str
    adapter: str
    make: Callable[[], ClientUnderTest]
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """All that was seen of a client.

    Attributes:
        dialect: The wire format in which it was probed.
        traces: Probe to the traces of its runs, in order.
        not_played: Probe to why it was not played, or why its trace tells nothing.
        probes: Those that were played, by name.
    """

    subject: Subject
    dialect: str
    traces: Mapping[str, tuple[Trace, ...]]
    not_played: Mapping[str, str]
    probes: Mapping[str, Probe]

    def of(self, probe: Probe) -> tuple[Trace, ...]:
        """The traces of a probe; none if it was not played."""
        return self.traces.get(probe.name, ())

    @property
    def runs(self) -> tuple[Trace, ...]:
        """Every trace."""
        return tuple(trace for traces in self.traces.values() for trace in traces)


@dataclass
class Heeded:
    """Between which two Retry-Afters a client stops waiting and gives up.

    Attributes:
        obeyed_s: The longest that it waited.
        refused_s: The shortest at which it gave up; 0 if none.
        is_open: A longer one may still be asked for.
    """

    obeyed_s: float = 0.0
    refused_s: float = 0.0
    is_open: bool = True

    @property
    def gap_s(self) -> float:
        """How much is not known between the two; 0 if one of them is not known."""
        return self.refused_s - self.obeyed_s if self.obeyed_s and self.refused_s else 0.0


@dataclass
class Prober:
    """Puts the questions, one after the other; what was learned decides which are worth asking."""

    subject: Subject
    budget_s: float = BUDGET_S
    tell: Tell = lambda number, asks: None
    watch: Watcher | None = None
    seeds: int = 0
    _traces: dict[str, list[Trace]] = field(default_factory=dict)
    _not_played: dict[str, str] = field(default_factory=dict)
    _probes: dict[str, Probe] = field(default_factory=dict)
    _dialect: str = "clearkey"
    _heeded: Heeded = field(default_factory=Heeded)
    _count: int = 0
    _until_s: float = 0.0

    def observe(self) -> Observed:
        """Put every question that makes sense to this client.

        Raises:
            NotMeasurableError: It does not get a license even if nothing goes wrong, or cannot be reached.
        """
        self._until_s = real_s() + self.budget_s
        self._begin()
        self._ladder()
        comes_back = any(pauses_of(trace) for trace in self._traces.get(p.LADDER.name, ()))
        silent = self._ask(p.SILENT)
        if comes_back:
            self._waits(p.WAITS_S[:1])
            self._ask(p.retry_after(p.DATES_S[0], "date"))
        self._each((*p.BY_STATUS, *self._faults(silent), p.REFUSED))
        if self._works(p.CALM_TLS):
            self._each(p.OVER_TLS)
        else:
            self._not_played |= {probe.name: NOT_OVER_TLS for probe in p.OVER_TLS if p.CALM_TLS.name in self._traces}
        self._each(p.WORDS)
        self._operations()
        if comes_back:
            self._long_waits()
        return Observed(
            subject=self.subject,
            dialect=self._dialect,
            traces={name: tuple(traces) for name, traces in self._traces.items()},
            not_played=self._not_played,
            probes=self._probes,
        )

    def play(self, probe: Probe) -> Trace:
        """One probe by itself, as it stands."""
        return self._play(probe, 0)

    # ── the parts of it ──────────────────────────────────────────────────────────────────────────────────────────────

    def _begin(self) -> None:
        """In the first dialect in which it gets its license."""
        problems: list[Broken] = []
        for dialect in ("clearkey", "wmdrm")[: 1 if self._is_command else 2]:
            self._dialect = dialect
            trace = self._play(p.CALM, 0)
            if (problem := fails_calmly(trace)) is None:
                self._keep(p.CALM, trace)
                return
            problems.append(problem)
            if broken(trace) or outcome_of(trace) is None:
                break  # another dialect would not change that
        problem = problems[0]
        raise NotMeasurableError(
            f"{self.subject.name} cannot be measured: {problem.what}\n  {problem.to_do}; then: drm-harness doctor"
        )

    def _ladder(self) -> None:
        """A first run for the number of tries, more for the pauses, many where chance is seen in them."""
        for ladder in p.LADDERS:
            first = self._ask(ladder)
            if first is None or not pauses_of(first):
                continue
            self._climb(replace(ladder, speed=self._exact_speed(first)))
            return

    def _exact_speed(self, first: Trace) -> int:
        """As slow as patience allows: whatever this machine takes counts as many times as the world is faster."""
        if first.cut_short or first.head.network == "simulated" or "skipped" in first.head.time:
            return p.EXACT if first.cut_short else 1
        return max(1, min(p.QUICK, ceil(first.entries[-1].at / AIM_S)))

    def _climb(self, ladder: Probe) -> None:
        for seed in range(1, self.seeds or SEEDS[self.subject.network]):
            self._ask(ladder, seed)
            slowest = self._slowest(ladder)
            if len(slowest) == 2 and not _differ(slowest):
                return

    def _slowest(self, ladder: Probe) -> list[Trace]:
        traces = self._traces[ladder.name]
        factor = min(map(factor_of, traces))
        return [trace for trace in traces if factor_of(trace) == factor]

    def _waits(self, waits_s: Iterable[float]) -> None:
        """How it takes Retry-After: the short ones first, none that takes too much real time, none beyond one it gave up at."""
        for wait_s in waits_s:
            if not self._heeded.is_open or wait_s / self._speed > WAIT_S:
                return
            self._ask_to_wait(wait_s)

    def _long_waits(self) -> None:
        """Up to where it heeds Retry-After, to the second in virtual time; as a date; and how long a round lasts in all."""
        heeded = self._heeded
        self._waits(p.WAITS_S[1:])
        while self.subject.network == "simulated" and heeded.gap_s > max(CLOSE_ENOUGH_S, CLOSE_ENOUGH * heeded.obeyed_s):
            if not self._ask_to_wait(round((heeded.obeyed_s + heeded.refused_s) / 2)):
                break
        self._each(p.retry_after(wait_s, "date") for wait_s in p.DATES_S[1:] if wait_s / self._speed <= WAIT_S)
        rounds_s = [wait_s for wait_s in p.LONG_ROUNDS_S if wait_s <= heeded.obeyed_s]
        tries = max(len(pauses_of(trace)) for trace in self._traces[p.LADDER.name]) if rounds_s else 0
        self._each(p.always_retry_after(wait_s) for wait_s in rounds_s if tries * wait_s / self._speed <= RUN_S)

    def _ask_to_wait(self, wait_s: float) -> bool:
        """Whether it could be asked."""
        trace = self._ask(p.retry_after(wait_s))
        if trace is None or (not pauses_of(trace) and trace.cut_short):
            self._heeded.is_open = False
        elif not pauses_of(trace):
            self._heeded.refused_s, self._heeded.is_open = wait_s, False
        elif pauses_of(trace)[0] >= wait_s - grain_of(trace).early_s:
            self._heeded.obeyed_s = max(wait_s, self._heeded.obeyed_s)
        return trace is not None

    @property
    def _speed(self) -> float:
        """The world's seconds in a real one, as in the last run; what is skipped, or virtual, takes no time at all."""
        last = next(reversed(self._traces.values()))[-1]
        skips = any("skipped" in traces[-1].head.time for traces in self._traces.values())
        return inf if skips or last.head.network == "simulated" else factor_of(last)

    def _faults(self, silent: Trace | None) -> tuple[Probe, ...]:
        """All, or those only that end by themselves, for a client that waits for an answer as long as anybody watches."""
        if silent is None or given_up_after_s(silent):
            return p.BY_FAULT
        for probe in (one for one in p.BY_FAULT if one.reason == "timed_out"):
            self._not_played[probe.name] = "it never gave up waiting for an answer"
        return tuple(probe for probe in p.BY_FAULT if probe.reason != "timed_out")

    def _operations(self) -> None:
        """What else it can do."""
        if self._is_command:
            return
        if self._dialect == "wmdrm" or self._works(p.CALM_WMDRM):
            self._each((*p.IN_WMDRM, *p.WORDS_WMDRM))
        self._each(p.OPERATIONS.values())

    @property
    def _is_command(self) -> bool:
        """Whether it acquires licenses in one dialect and does nothing else: a command line, a player."""
        return self.subject.adapter not in ("python", "stdio")

    # ── one question ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _each(self, probes: Iterable[Probe]) -> None:
        for probe in probes:
            self._ask(probe)

    def _works(self, probe: Probe) -> bool:
        trace = self._ask(probe)
        return trace is not None and fails_calmly(trace) is None

    def _ask(self, probe: Probe, seed: int = 0) -> Trace | None:
        """The trace of a run; None if there is no time left for it, or it tells nothing."""
        if self._is_over():
            if seed == 0:
                self._not_played[probe.name] = USED_UP
            return None
        try:
            trace = self._play(probe, seed)
        except (AdapterError, FakeServerError) as error:
            self._not_played[probe.name] = str(error)
            return None
        if problem := broken(trace):
            self._not_played[probe.name] = problem.what
            return None
        self._keep(probe, trace)
        return trace

    def _is_over(self) -> bool:
        return real_s() >= self._until_s

    def _keep(self, probe: Probe, trace: Trace) -> None:
        self._traces.setdefault(probe.name, []).append(trace)
        self._probes[probe.name] = probe

    def _play(self, probe: Probe, seed: int) -> Trace:
        self._count += 1
        self.tell(self._count, probe.asks)
        subject, scenario = self.subject, self._suited(probe)
        if subject.network == "simulated":
            return play(
                scenario, subject.make, client_name=subject.name, adapter=subject.adapter, network="simulated", seed=seed
            )
        pace = pace_for(scenario, subject.make(), TimeWanted(Asked.AUTO, probe.speed), loopback_latency_s)
        pace = replace(pace, limit_s=LADDER_S if probe.name.startswith("always") else RUN_S)
        return play(
            scenario,
            subject.make,
            client_name=subject.name,
            adapter=subject.adapter,
            network="loopback",
            seed=seed,
            pace=pace,
            watch=self.watch,
        )

    def _suited(self, probe: Probe) -> Scenario:
        """The scenario in the client's dialect, unless the probe needs one of its own."""
        scenario = probe.scenario
        if not self._dialect or scenario.dialect != "clearkey" or scenario.operation is not Operation.LICENSE_ACQUISITION:
            return scenario
        return scenario.model_copy(update={"dialect": self._dialect})


def _differ(traces: Iterable[Trace]) -> bool:
    """Whether pauses at the same place are not the same in every run."""
    paused = [(pauses_of(trace), grain_of(trace).width_s) for trace in traces]
    places = zip(*(pauses for pauses, _ in paused), strict=False)
    grain_s = max(width_s for _, width_s in paused)
    return any(max(place) - min(place) > grain_s for place in places)
