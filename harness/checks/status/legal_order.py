"""STATUS-002: the order of phases is one that the operation's table allows."""

from functools import partial

from harness.checks.lifecycle_walk import LifecycleWalk
from harness.checks.registry import Finding, check, failed, passed
from harness.operations.catalogue import OPERATIONS
from harness.trace.entry import DeviceChanged, StatusReported, UserActed
from harness.trace.trace import Trace, is_kill


@check(
    "STATUS-002",
    title="Phases come in an order that the operation allows",
    source="Windows Media Format SDK: WM_INDIVIDUALIZE_STATUS, WMT_STATUS; the operation's table in `drm-harness explain`",
    needs={"status"},
)
def legal_order(trace: Trace) -> Finding:
    """Report phases in an order that some path through the operation's table gives.

    You need not report every phase: those that your profile leaves out may have happened unheard. What you do report must fit
    together, so that an application can trust it: no ``receiving`` before a ``connecting`` that you promise to report, nothing
    before the start, and after a settling status nothing but what a user's retry begins. A phase may be repeated where the
    table holds a row from a state to itself (progress of a transfer, another look for a license).
    """
    new_walk = partial(LifecycleWalk, OPERATIONS[trace.head.scenario.operation], trace.profile.silent)
    walk, said = new_walk(), "the start"
    for entry in trace.entries:
        match entry.what:
            case UserActed(do="start" | "retry" as trigger):
                walk.user_opens(trigger)
                said = f"the user's {trigger}"
            case DeviceChanged() as changed if is_kill(changed):
                walk, said = new_walk(), "it was killed"
            case StatusReported(status=status):
                if not walk.client_says(status.phase):
                    expected = ", ".join(walk.possible()) or "nothing until the user acts"
                    return failed(f"after {said}: {expected}", f"{status.phase} after {said}", entry)
                said = str(status.phase)
    return passed()
