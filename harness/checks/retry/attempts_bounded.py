"""RETRY-005: automatic attempts stay within what the profile promises."""

from collections import Counter

from fake_servers.journal import ConnectionRefused, FaultFired
from harness.checks.exchanged import runs, was_under_way
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import is_exact
from harness.trace.entry import Entry
from harness.trace.trace import Round, Trace


@check(
    "RETRY-005",
    title="No more attempts in a row than promised",
    source="Dash-Industry-Forum/dash.js#2808: automatic retries need a bound that an application can rely on",
    needs={"wire", "retry_policy"},
)
def attempts_bounded(trace: Trace) -> Finding:
    """Make at most as many tries of one exchange in a row as your policy's ``attempts`` says, the first one included.

    Of several contents that are needed at once, each has a count of its own. A step in between (an individualization, a page)
    begins a new count, and so does a user's retry. Looks that find the page still open are no tries. In the simulated network,
    connects that never came to a request count as well.
    """
    assert trace.profile.retry is not None
    most = trace.profile.retry.attempts
    if not trace.exchanges and not any(True for _ in trace.of(ConnectionRefused)):
        return not_applicable("no attempt was made")
    for round_ in trace.rounds:
        for run in runs(trace, round_):
            if len(run) > most:
                exchange = run[0].asked.exchange
                requests = [exchanged.request for exchanged in run]
                return failed(f"at most {most} tries", f"round {round_.number}: {len(run)} of {exchange}", *requests)
        if is_exact(trace) and (broken := _too_many_connects(trace, round_, most)):
            observed = f"round {round_.number}: {len(broken)} connects that came to nothing"
            return failed(f"at most {most} tries", observed, *broken)
    return passed()


def _too_many_connects(trace: Trace, round_: Round, most: int) -> list[Entry]:
    """Connects to one service that failed before a request, if they are more than all its exchanges together may try."""
    failures: dict[str, list[Entry]] = {}
    for entry in round_.entries:
        if was_under_way(trace, round_, entry):
            continue
        match entry.what:
            case ConnectionRefused(service=service) | FaultFired(service=service, request=None):
                failures.setdefault(service, []).append(entry)
    exchanges = Counter(run[0].asked.service for run in runs(trace, round_))
    over = (broken for service, broken in failures.items() if len(broken) > most * max(1, exchanges[service]))
    return next(over, [])
