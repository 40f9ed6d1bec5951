"""STATUS-010: a result code agrees with the phase it rides on."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.ending import Ending
from harness.status.phase import Phase
from harness.trace.trace import Trace, status_of

# fmt: off
AGREES: dict[Phase, frozenset[Ending]] = {
    # An undecided code (busy, only a part done, already current) goes with any end.
    Phase.SUCCEEDED:       frozenset({Ending.SUCCEEDED, Ending.UNDECIDED}),
    Phase.FAILED:          frozenset({Ending.FAILED, Ending.UNDECIDED}),
    # The SDK's own player reports a cancelled individualization as incomplete, which is a failure's code.
    Phase.CANCELLED:       frozenset({Ending.CANCELLED, Ending.FAILED, Ending.UNDECIDED}),
    Phase.BLOCKED:         frozenset({Ending.FAILED, Ending.UNDECIDED}),
    Phase.DECLINED:        frozenset({Ending.CANCELLED, Ending.FAILED, Ending.UNDECIDED}),
    Phase.RETRY_SCHEDULED: frozenset({Ending.FAILED, Ending.UNDECIDED}),
}
# fmt: on


@check(
    "STATUS-010",
    title="A result code agrees with its phase; a cancel code is never success",
    source="Windows Media Format SDK, error codes: NS_S_DRM_ACQUIRE_CANCELLED and NS_S_DRM_MONITOR_CANCELLED are success codes",
    needs={"status"},
)
def code_agrees_with_phase(trace: Trace) -> Finding:
    """Let a code and the phase it rides on say the same.

    The trap: two codes that mean *cancelled* are of the success class, so ``SUCCEEDED(hr)`` is true for them. Test for the
    cancel codes first. In the same way a failing code must not ride on ``succeeded``, nor a success on ``failed``.
    """
    coded = [(entry, code) for entry in trace.statuses if (code := status_of(entry).code) is not None]
    if not coded:
        return not_applicable("the client reported no code")
    for entry, code in coded:
        phase = status_of(entry).phase
        agreeing = AGREES.get(phase, frozenset(Ending))
        if code.ending not in agreeing:
            expected = f"{phase} with a code that means {' or '.join(sorted(agreeing))}"
            return failed(expected, f"{code.name}, which means {code.ending}", entry)
    return passed()
