"""EXPECT-001: the run ends as the scenario says that it must."""

from collections import Counter

from harness.checks.honesty import as_the_client_sees
from harness.checks.registry import Finding, check, failed, inconclusive, not_applicable, passed
from harness.checks.silence import is_hung
from harness.trace.entry import Entry
from harness.trace.trace import Trace, held_by, is_status, status_of


@check(
    "EXPECT-001",
    title="The run ends as the scenario expects of every honest client",
    source="the scenario's `expect`",
    needs={"outcome"},
)
def scenario_expectation(trace: Trace) -> Finding:
    """End as the scenario's ``expect`` says: its outcome, one of its reasons, the licenses then held, and no more requests.

    A scenario expects only what is true of every honest client, whatever its profile. A reason is compared where you give one;
    licenses and requests where they can be seen of you.
    """
    expect = trace.head.scenario.expect
    last = trace.rounds[-1] if trace.rounds else None
    if last is not None and last.cut is not None:
        return not_applicable("the client was killed before it could end")
    if last is None or last.settled is None:
        if last is None or (trace.cut_short and not is_hung(trace, last)):
            return inconclusive("the run ended before the client did")
        return failed(f"ended as {' or '.join(expect.outcomes)}", "never settled", last.opened, last.ended)
    if last.outcome not in expect.outcomes:
        return failed(f"ended as {' or '.join(expect.outcomes)}", f"{last.outcome}", last.settled)
    reason = status_of(last.settled).reason if is_status(last.settled) else None
    if expect.reasons and reason is not None and reason not in as_the_client_sees(trace, frozenset(expect.reasons)):
        return failed(f"reason {' or '.join(expect.reasons)}", f"{reason}", last.settled)
    return _wrong_holdings(trace) or _too_many_requests(trace) or passed(last.settled)


def _wrong_holdings(trace: Trace) -> Finding | None:
    expected = trace.head.scenario.expect.holds
    if expected is None or "rights" not in trace.head.capabilities or not trace.rights:
        return None
    held = held_by(trace.rights[-1]).licenses
    if set(held) == set(expected):
        return None
    return failed(f"holds {_listed(expected)} in the end", f"holds {_listed(held)}", trace.rights[-1])


def _too_many_requests(trace: Trace) -> Finding | None:
    if "wire" not in trace.head.capabilities:
        return None
    counted = Counter(exchanged.asked.exchange for exchanged in trace.exchanges)
    for exchange, most in trace.head.scenario.expect.requests.items():
        if counted[exchange] > most:
            made: list[Entry] = [e.request for e in trace.exchanges if e.asked.exchange == exchange]
            return failed(f"at most {most} requests of {exchange}", f"{counted[exchange]}", *made)
    return None


def _listed(contents: tuple[str, ...]) -> str:
    return ", ".join(sorted(contents)) or "nothing"
