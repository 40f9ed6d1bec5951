"""ACQUIRE-003: a doubtful license address is not used before the user agreed."""

from fake_servers.journal import RequestReceived
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.trace.entry import UserActed
from harness.trace.trace import Trace


@check(
    "ACQUIRE-003",
    title="A doubtful license address is not used before the user agreed",
    source="Windows Media Format SDK, WMT_DRMLA_TRUST: untrusted is 0, so that an empty field does not read as safe",
    needs={"status", "wire"},
    operations={Operation.LICENSE_ACQUISITION},
)
def doubtful_url_needs_consent(trace: Trace) -> Finding:
    """Warn the user and wait for a yes before you send anything to a license address that is unsigned or has been changed.

    Whoever wrote the file chose that address. A yes holds for the rest of the run.
    """
    trust = trace.head.scenario.given.url_trust
    if trust == "trusted":
        return not_applicable("the license address is signed")
    consent = next((entry for entry, acted in trace.of(UserActed) if acted.do == "consent"), None)
    for entry, request in trace.of(RequestReceived):
        if request.service == "license" and (consent is None or entry.n < consent.n):
            return failed(f"the user's consent to an address that is {trust}", f"{request.exchange} before it", entry)
    return passed(consent) if consent is not None else passed()
