"""INDIV-001: no individualization without the user's consent."""

from fake_servers.services.decision import Answer
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.entry import Entry, UserActed
from harness.trace.trace import Trace


@check(
    "INDIV-001",
    title="No individualization without the user's consent",
    source="Windows Media Format SDK, Handling individualization events: informed consent, since the user's machine is changed",
    needs={"status", "wire"},
)
def consent_before_individualization(trace: Trace) -> Finding:
    """Ask before you individualize, whatever brought it about: the user's own wish, a license service, or a restore.

    A consent holds for the rest of the run, retries included. For a restore it may have been given beforehand
    (``individualize_consented``). A consent to a doubtful license address is not one to individualization: where both are asked
    for, the second yes must follow the service's demand.
    """
    requests = [e.request for e in trace.exchanges if e.asked.exchange == "individualization"]
    if not requests:
        return not_applicable("no individualization was requested")
    if trace.head.scenario.settings.individualize_consented:
        return passed(*requests)
    consents = [entry for entry, acted in trace.of(UserActed) if acted.do == "consent" and _counts(trace, entry)]
    for request in requests:
        if not any(consent.n < request.n for consent in consents):
            return failed("the user's consent before it", "none was given", request)
    return passed(*consents)


def _counts(trace: Trace, consent: Entry) -> bool:
    """Whether it can be meant for individualization."""
    if trace.head.scenario.given.url_trust == "trusted" or trace.head.scenario.operation != "license_acquisition":
        return True
    demands = [
        exchanged.reply
        for exchanged in trace.exchanges
        if exchanged.answered is not None and exchanged.answered.answer == Answer.NEEDS_INDIVIDUALIZATION
    ]
    return any(demand is not None and demand.n < consent.n for demand in demands)
