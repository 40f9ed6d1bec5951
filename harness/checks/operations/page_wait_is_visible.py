"""ACQUIRE-004: while the user is at the page, the client stays visibly waiting, and not for ever."""

from itertools import pairwise

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import late_s
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.trace.entry import Entry, UserActed
from harness.trace.trace import Round, Trace, status_of

PATIENCE_S = 1800.0
"""Our own choice: the SDK says nothing of how long an application should monitor, only that it must be able to stop."""


@check(
    "ACQUIRE-004",
    title="While the user is at the page, the client visibly waits, and not for ever",
    source="Windows Media Format SDK, MonitorLicenseAcquisition: monitoring has no time limit of its own",
    needs={"status"},
    operations={Operation.LICENSE_ACQUISITION},
)
def page_wait_is_visible(trace: Trace) -> Finding:
    """After you sent the user to a page, keep saying that you wait (``monitoring``), and in the end give up and say so.

    A user who closed the page must not sit before a player that says nothing for ever. No silence is longer than your profile's
    ``silence`` from the page on, the time before the user completes it included; a client that does not promise to say
    ``monitoring`` only has to end. And a page that nobody has touched for half an hour is abandoned: polling it for ever is
    load on the service for nobody's good.
    """
    limit = trace.profile.silence
    is_heard = trace.profile.reports(Phase.MONITORING)
    judged: list[Entry] = []
    for round_ in trace.rounds:
        page = next((entry for entry in round_.reports if status_of(entry).phase is Phase.PAGE_NEEDED), None)
        if page is None:
            continue
        judged.append(page)
        untouched_s = (round_.settled or round_.ended).at - _last_touch(round_, page).at
        if untouched_s > PATIENCE_S + late_s(trace):
            expected = f"given up after {PATIENCE_S:g} s without the user"
            return failed(expected, f"still waiting after {untouched_s:g} s", page, round_.settled or round_.ended)
        if round_.settled is not None and not is_heard:
            continue
        end = round_.settled or round_.ended
        signs = {entry.n: entry for entry in (*round_.reports, end) if page.n <= entry.n <= end.n}
        for before, after in pairwise(signs.values()):
            announced_s = status_of(before).retry_in_s or 0.0
            if after.at - before.at - announced_s > limit + late_s(trace):
                expected = f"a sign of waiting at least every {limit:g} s, or an end"
                return failed(expected, f"{after.at - before.at:g} s of silence", before, after)
    return passed(*judged) if judged else not_applicable("no page was needed")


def _last_touch(round_: Round, page: Entry) -> Entry:
    """The user's last act after the page was needed, or else that moment."""
    acts = [entry for entry in round_.entries if entry.n > page.n and isinstance(entry.what, UserActed)]
    return acts[-1] if acts else page
