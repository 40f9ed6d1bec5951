"""RETRY-003: a later, clean try succeeds."""

from fake_servers.journal import FaultFired
from harness.checks.goals import grants
from harness.checks.registry import Finding, check, failed, inconclusive, not_applicable, passed
from harness.trace.entry import DeviceChanged, Entry
from harness.trace.trace import Round, Trace


@check(
    "RETRY-003",
    title="A later, clean try succeeds",
    source="Windows Media Format SDK, DRM network operations: expect a first try to meet trouble and a later one to work",
    needs={"outcome", "wire"},
)
def clean_retry_succeeds(trace: Trace) -> Finding:
    """Let a retry succeed once nothing stands in its way any more: no fault, and the service gave what was asked for.

    The usual reason to fail here is something left over from the first try: a session that is still closed, a used-up nonce, an
    error that is kept. A round in which the user stopped you is not judged.
    """
    judged: list[Entry] = []
    for round_ in trace.rounds[1:]:
        granted = [e for e in grants(trace) if round_.opened.n < e.request.n <= round_.ended.n]
        meets_device = any(round_.of(DeviceChanged)) or any(one.veiled for one in granted) or _is_full(trace, round_)
        is_clean = not any(round_.of(FaultFired)) and not round_.acts("cancel", "refuse", "keep") and not meets_device
        if not (granted and is_clean):
            continue
        if round_.settled is None and trace.cut_short:
            return inconclusive("the run ended before the round was settled", round_.opened)
        if round_.outcome != "succeeded":
            expected = "succeeded: nothing went wrong, and the service granted it"
            return failed(expected, round_.outcome or "no end", granted[0].request, round_.settled or round_.ended)
        judged.append(round_.opened)
    return passed(*judged) if judged else not_applicable("no retry by the user went through undisturbed")


def _is_full(trace: Trace, round_: Round) -> bool:
    """Whether the device's storage was full when the round was opened."""
    last = {changed.step: changed for entry, changed in trace.of(DeviceChanged) if entry.n < round_.opened.n}
    return any("storage" in changed.needs and changed.change == "began" for changed in last.values())
