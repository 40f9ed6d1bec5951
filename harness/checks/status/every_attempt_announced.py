"""STATUS-008: every attempt and every wait is announced."""

from harness.checks.exchanged import by_content, is_poll, repetitions_in, requests_of
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Round, Trace, status_of

ATTEMPTS = frozenset({Phase.CONNECTING, Phase.RETRYING, Phase.INDIVIDUALIZING, Phase.ACKNOWLEDGING})


@check(
    "STATUS-008",
    title="Every attempt and every wait is announced",
    source="Dash-Industry-Forum/dash.js#2808: retries that nobody was told of and nobody could turn off",
    needs={"status", "wire"},
)
def every_attempt_announced(trace: Trace) -> Finding:
    """Tell the user of each attempt (``connecting``, ``retrying``, ``individualizing``, ``acknowledging``) and of each wait
    between two (``retry_scheduled``): no request of a round may go out unannounced.

    Counted over the round, since on real sockets a status and a request may be seen in either order. Only what your profile
    says that you report is asked for. One announcement may stand for requests for several contents. Looks for a license that
    the user's page leads to are no attempts; nor are the hops of a redirect. Beware of HTTP libraries that repeat a request by
    themselves.
    """
    announces_tries = all(trace.profile.reports(phase) for phase in _needed(trace))
    announces_waits = trace.profile.reports(Phase.RETRY_SCHEDULED)
    if not (announces_tries or announces_waits):
        return not_applicable("the profile leaves out the phases that announce attempts and waits")
    if not trace.exchanges:
        return not_applicable("no request was made")
    for round_ in trace.rounds:
        tries = _announced(round_)
        waits = [entry for entry in round_.reports if status_of(entry).phase is Phase.RETRY_SCHEDULED]
        for series in by_content(requests_of(trace, round_)):
            requests = [exchanged for exchanged in series if not is_poll(exchanged)]
            if announces_tries and len(requests) > len(tries):
                observed = f"round {round_.number}: {len(requests)} requests, {len(tries)} announced"
                return failed("each request announced", observed, *_entries(requests), *tries)
            again = [repeated for _, repeated in repetitions_in(series) if not is_poll(repeated)]
            if announces_waits and len(again) > len(waits):
                observed = f"round {round_.number}: {len(again)} repeated requests, {len(waits)} times retry_scheduled"
                return failed("each repetition after retry_scheduled", observed, *_entries(again), *waits)
    return passed()


def _needed(trace: Trace) -> frozenset[Phase]:
    """The phases by which this operation announces its attempts."""
    exchanges = {exchanged.asked.exchange for exchanged in trace.exchanges}
    needed = {Phase.CONNECTING, Phase.RETRYING}
    if "individualization" in exchanges and trace.head.scenario.operation is not Operation.INDIVIDUALIZATION:
        needed.add(Phase.INDIVIDUALIZING)
    if exchanges & {"acknowledgement", "release"}:
        needed.add(Phase.ACKNOWLEDGING)
    return frozenset(needed)


def _announced(round_: Round) -> list[Entry]:
    """What announces an attempt. A ``retrying`` that only opens the user's round does not: the attempt is still to come."""
    reports = round_.reports
    if round_.number > 1 and reports and status_of(reports[0]).phase is Phase.RETRYING:
        reports = reports[1:]
    return [entry for entry in reports if status_of(entry).phase in ATTEMPTS]


def _entries(exchanges: list[Exchanged]) -> list[Entry]:
    return [exchanged.request for exchanged in exchanges]
