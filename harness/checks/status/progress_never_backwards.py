"""STATUS-007: progress never goes backwards within one transfer."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.phase import Phase
from harness.trace.entry import Entry
from harness.trace.trace import Trace, status_of

BEGINS_ANEW = frozenset(
    {Phase.CONNECTING, Phase.REQUESTING, Phase.RETRYING, Phase.RETRY_SCHEDULED, Phase.INDIVIDUALIZING, Phase.ACKNOWLEDGING}
)


@check(
    "STATUS-007",
    title="Progress never goes backwards within one transfer, nor past its total",
    source="Windows Media Format SDK, WM_INDIVIDUALIZE_STATUS: dwHTTPReadProgress of dwHTTPReadTotal",
    needs={"status", "progress"},
)
def progress_never_backwards(trace: Trace) -> Finding:
    """Count up, and not past the total.

    Each transfer has its own count: a new attempt begins at nothing again, and each phase (bytes received, licenses written)
    counts for itself. ``total`` 0 means that it is not known yet.
    """
    seen_any = False
    for round_ in trace.rounds:
        reached: dict[tuple[Phase, int], tuple[int, Entry]] = {}
        for entry in round_.reports:
            status = status_of(entry)
            if status.phase in BEGINS_ANEW:
                reached.clear()
            if status.progress is None:
                continue
            seen_any = True
            done, total = status.progress.done, status.progress.total
            before, at = reached.get((status.phase, status.attempt), (0, entry))
            if done < before:
                return failed(f"{before} or more, as before", f"{status.phase} fell back to {done}", at, entry)
            if total and done > total:
                return failed(f"at most {total}, the total", f"{status.phase} at {done}", entry)
            reached[status.phase, status.attempt] = (done, entry)
    return passed() if seen_any else not_applicable("the client reported no progress")
