"""REVOKE-002: licenses are gone before the service is told so."""

from fake_servers.faults.base import Presentation
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.removal import acknowledgements
from harness.status.operation import Operation
from harness.trace.trace import Trace, held_by


@check(
    "REVOKE-002",
    title="Licenses are gone before the service is told so",
    source="Windows Media Format SDK, ProcessLRB: the acknowledgement is made after the licenses were removed",
    needs={"rights", "wire"},
    operations={Operation.LICENSE_REVOCATION},
)
def removed_before_told(trace: Trace) -> Finding:
    """Remove first, then acknowledge: what you confirm must be true already, even if the confirmation is lost.

    From your first acknowledgement (or release) on you hold none of the licenses that the issuer wanted removed. If the list
    that reached you named only some of them, the rest stay, and nothing is judged here.
    """
    told = acknowledgements(trace)
    after = [held for held in trace.rights if told and held.n > told[0].request.n]
    if not after:
        return not_applicable("the service was told nothing, or what the device held then is not known")
    if any(Presentation.PARTIAL_LIST in exchanged.presentations for exchanged in trace.exchanges):
        return not_applicable("the list that arrived did not name all that the issuer wanted removed")
    given = trace.head.scenario.given
    revoked = set(given.revoked or given.licenses)
    for held in after:
        if kept := sorted(revoked & set(held_by(held).licenses)):
            return failed("none of the revoked licenses left", f"still there: {', '.join(kept)}", told[0].request, held)
    return passed(*after)
