"""SAFETY-005: trouble on the wire is survived."""

from fake_servers.journal import FaultFired
from harness.checks.registry import Finding, check, failed, inconclusive, not_applicable, passed
from harness.checks.silence import is_hung
from harness.trace.entry import DeviceChanged, Entry
from harness.trace.trace import Round, Trace


@check(
    "SAFETY-005",
    title="Whatever a service sends, the round settles",
    source="shaka-project/shaka-player#9638; CWE-755: improper handling of exceptional conditions",
    needs={"outcome", "wire"},
)
def trouble_is_survived(trace: Trace) -> Finding:
    """Neither crash nor hang over what a broken network or service sends: settle the round, whatever came.

    Malformed headers, half a reply, HTML in place of a license, bytes that make no sense: each is a failed attempt, not the end
    of your program. How you ended (exit status, exception, standard error) is shown for diagnosis and not read here; that the
    round settled is. What happens to the device meanwhile is trouble, too, but for being killed.

    A round that the user cancelled is not judged: how that ends is asked by STATUS-009.
    """
    judged = [round_ for round_ in trace.rounds if round_.cut is None and not round_.acts("cancel")]
    met = [(round_, faults) for round_ in judged if (faults := _trouble(round_))]
    if not met:
        return not_applicable("no trouble met the client in a round that ran undisturbed by its user")
    for round_, faults in met:
        if round_.settled is None:
            if trace.cut_short and not is_hung(trace, round_):
                return inconclusive("the run ended before the round was settled", *faults)
            why = trace.end.why if trace.end is not None else "cut off"
            return failed("a settled round", f"round {round_.number} never settled ({why})", *faults, round_.ended)
    return passed(*(entry for _, faults in met for entry in faults))


def _trouble(round_: Round) -> list[Entry]:
    return [entry for entry in round_.entries if isinstance(entry.what, FaultFired | DeviceChanged)]
