"""SAFETY-001: a certificate that cannot be trusted ends the connection."""

from fake_servers.faults.base import Presentation
from fake_servers.journal import FaultFired, RequestReceived
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.trace import Trace


@check(
    "SAFETY-001",
    title="A certificate that cannot be trusted is never accepted",
    source="RFC 9110, 4.3.4",
    needs={"wire"},
)
def tls_never_bypassed(trace: Trace) -> Finding:
    """Send no request over a connection whose certificate is expired, made for another host, or signed by nobody you trust.

    Not with a warning, not after a retry, not "just for the license": whoever holds that connection can be anybody. A single
    request on it is enough to fail.
    """
    untrusted = {
        fired.connection: entry
        for entry, fired in trace.of(FaultFired)
        if fired.presents_as == Presentation.UNTRUSTED_CERTIFICATE and fired.connection is not None
    }
    if not untrusted:
        return not_applicable("every certificate could be trusted")
    for entry, request in trace.of(RequestReceived):
        if request.connection in untrusted:
            observed = f"{request.exchange} was asked for"
            return failed("no request on a connection that cannot be trusted", observed, untrusted[request.connection], entry)
    return passed(*untrusted.values())
