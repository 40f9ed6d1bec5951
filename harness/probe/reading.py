"""What a trace of a probe tells: pure functions, one question each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fake_servers.journal import ConnectionClosed, ConnectionOpened, ConnectionRefused, HandshakeFailed
from harness.checks.pauses import pauses
from harness.checks.silence import silences
from harness.checks.tolerance import SIMULATED_S, is_exact
from harness.operations.backoff import Grain
from harness.status.message import StatusMessage
from harness.status.phase import Phase
from harness.trace.entry import ClientNoted, OutcomeClaimed, UserActed
from harness.trace.trace import Round, Trace, is_status, status_of

TRIPS = 6
"""One-way trips of the simulated network between a failure and the next request, at most."""

EARLY_S, LATE_S, SLOW_S = 0.002, 0.010, 0.025
"""On real sockets: the grain of a timer, and what a program and this machine take between a failure and the next request."""

SCALE = re.compile(r"×(\d+)")


def factor_of(trace: Trace) -> float:
    """How many times faster than real time its world went; 1 in virtual time, where it makes no difference."""
    found = SCALE.search(trace.head.time)
    return float(found[1]) if found else 1.0


def grain_of(trace: Trace) -> Grain:
    """How exactly pauses can be read off the trace. What a machine takes counts so much more as its world is faster."""
    if is_exact(trace):
        return Grain(SIMULATED_S, SIMULATED_S + TRIPS * trace.head.scenario.world.longest_trip_s)
    factor = factor_of(trace)
    return Grain(EARLY_S * factor, LATE_S * factor + SLOW_S, hiccups=True)


# ── tries ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def tries_at(trace: Trace) -> tuple[float, ...]:
    """When it tried in its first round: requests of the operation, and connections that came to nothing before one."""
    (first, *_) = trace.rounds
    asked = [exchanged.request for exchanged in trace.exchanges_in(first)]
    vain = [entry for entry in first.entries if isinstance(entry.what, ConnectionRefused | HandshakeFailed)]
    return tuple(round(entry.at, 3) for entry in sorted([*asked, *vain], key=lambda entry: entry.n))


def pauses_of(trace: Trace) -> tuple[float, ...]:
    """Seconds from each failure to the next try, in order."""
    return tuple(pause.seconds for pause in pauses(trace))


def failed_at_s(trace: Trace) -> tuple[float, ...]:
    """When each try failed that was followed by another."""
    return tuple(pause.again.request.at - pause.seconds for pause in pauses(trace))


def connections(trace: Trace) -> int:
    """How many were opened."""
    return sum(1 for _ in trace.of(ConnectionOpened))


def given_up_after_s(trace: Trace) -> tuple[float, ...]:
    """For each request that was never answered and that the client left: after how many seconds."""
    left: list[float] = []
    for exchanged in trace.exchanges:
        closing = trace.closings.get(exchanged.asked.connection)
        if closing is None or not isinstance(closing.what, ConnectionClosed):
            continue
        if closing.what.by == "client" and closing.what.open_request == exchanged.asked.request:
            left.append(closing.at - exchanged.request.at)
    return tuple(left)


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────────────


def outcome_of(trace: Trace) -> str | None:
    """How its last round ended by its own word."""
    return trace.rounds[-1].outcome if trace.rounds else None


def statuses_of(trace: Trace) -> list[StatusMessage]:
    """All that it said."""
    return [status_of(entry) for entry in trace.statuses]


def phases_of(trace: Trace) -> frozenset[Phase]:
    """The phases that it reported, settling ones apart."""
    return frozenset(status.phase for status in statuses_of(trace) if not status.settles)


def first_status_s(trace: Trace) -> float:
    """The longest that a round was without a first status."""
    return max((round_.reports[0].at - round_.opened.at for round_ in trace.rounds if round_.reports), default=0.0)


def silence_s(trace: Trace) -> float:
    """The longest silence of a round that settled, announced waits apart."""
    settled = [round_ for round_ in trace.rounds if round_.settled is not None and is_status(round_.settled)]
    return max((silence.seconds for round_ in settled for silence in silences(trace, round_)), default=0.0)


def cancelled_after_s(trace: Trace) -> float | None:
    """Seconds from the user's cancel to the settling status; None if there was no cancel or nothing settled after it."""
    cancel = next((entry for entry, acted in trace.of(UserActed) if acted.do == "cancel"), None)
    settled = trace.rounds[0].settled
    return settled.at - cancel.at if cancel is not None and settled is not None and settled.n > cancel.n else None


def exits_of(trace: Trace) -> tuple[int, ...]:
    """The exit statuses of a command line; none of a run in which the harness sent it a signal."""
    if any(acted.do == "cancel" for _, acted in trace.of(UserActed)):
        return ()
    return tuple(claimed.exit_status for _, claimed in trace.of(OutcomeClaimed))


# ── what is wrong with it ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Broken:
    """A way in which a client makes it impossible to measure it."""

    what: str
    to_do: str


def broken(trace: Trace) -> Broken | None:
    """Why nothing can be read off this trace; None if something can."""
    notes = [noted for _, noted in trace.of(ClientNoted)]
    by_kind = {noted.what: noted.text for noted in reversed(notes)}
    last_words = [noted.text for noted in notes if noted.what == "stderr"][-1:]
    heard = f"; the last line of its standard error: {last_words[0]}" if last_words else ""
    if "hung" in by_kind:
        return Broken(f"it hung: {by_kind['hung']}", "answer each call of the harness at once, and carry it out afterwards")
    if "exception" in by_kind:
        return Broken(f"a call failed: {by_kind['exception']}", "mend the client; it must live through what it meets")
    if "killed" in by_kind and "flood" in by_kind["killed"]:
        return Broken(by_kind["killed"], "write to standard output nothing but messages; standard error is free for a log")
    has_died = trace.end is not None and trace.end.why == "client_died"
    how = f" with {by_kind['exit']}" if "exit" in by_kind else ""
    ended = f"its program ended{how} before it had settled{heard}"
    if "garbage" in by_kind:
        return Broken(
            f"it printed what is no message: {by_kind['garbage']}" + (f"; {ended}" if has_died else ""),
            "write to standard output nothing but messages (docs/client-protocol.md); standard error is free for a log",
        )
    if has_died:
        return Broken(ended, "run the command by hand and see why")
    return None


def fails_calmly(trace: Trace) -> Broken | None:
    """Why a run in which nothing went wrong is not the success that it should be; None if it is."""
    if problem := broken(trace):
        return problem
    asked, outcome, heard = len(trace.exchanges), outcome_of(trace), _why_of(trace)
    if not any(True for _ in trace.of(ConnectionOpened)):
        return Broken(f"it never connected to the license service{heard}", "point it at {license_url}, or at setup.endpoints")
    if not asked:
        return Broken(f"it connected, and made no license request that could be read{heard}", "see docs/dialects.md")
    problems = [exchanged.asked.problem for exchanged in trace.exchanges if exchanged.asked.problem]
    if problems:
        return Broken(f"the service could not read its request: {problems[0]}", "see docs/dialects.md for what it should hold")
    if outcome is None:
        limit = f"{trace.entries[-1].at:.0f} s"
        return Broken(f"nothing went wrong, and after {limit} it had neither succeeded nor failed", "report a settling status")
    if outcome != "succeeded":
        return Broken(f"nothing went wrong, and it {outcome}{heard}", "make it work on a healthy network first")
    if not trace.end or not _was_granted(trace):
        return Broken("it says that it succeeded, and the service gave it no license", "report success when a license is there")
    return None


def claims_success_in_vain(trace: Trace) -> bool:
    """Whether it said that it had succeeded although no license had been handed out to it whole."""
    return outcome_of(trace) == "succeeded" and not _was_granted(trace)


def _was_granted(trace: Trace) -> bool:
    return any(exchanged.answered is not None and exchanged.answered.complete and exchanged.answered.answer != "http"
               for exchanged in trace.exchanges)  # fmt: skip


def _why_of(trace: Trace) -> str:
    """Its own word for what went wrong, or the exit status and the last line of its log."""
    settled: list[Round] = [round_ for round_ in trace.rounds if round_.settled is not None]
    words: list[str] = []
    if settled and settled[-1].settled is not None and is_status(settled[-1].settled):
        said = status_of(settled[-1].settled)
        words = [str(said.reason) if said.reason else "", said.text]
    elif exits := exits_of(trace):
        words = [f"exit status {exits[-1]}"]
    words += [noted.text for _, noted in trace.of(ClientNoted) if noted.what == "stderr"][-1:]
    return f" ({': '.join(filter(None, words))})" if any(words) else ""
