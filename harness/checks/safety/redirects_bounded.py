"""SAFETY-002: redirects are followed so far and no farther."""

from collections import Counter

from fake_servers.journal import RequestReceived
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.entry import Entry
from harness.trace.trace import Trace

MOST = 20
"""As in the Fetch standard's HTTP-redirect fetch, which browsers follow."""


@check(
    "SAFETY-002",
    title="No more than twenty redirects for one request",
    source="WHATWG Fetch, HTTP-redirect fetch",
    needs={"wire"},
)
def redirects_bounded(trace: Trace) -> Finding:
    """Stop following redirects after twenty of them, and say that the service sends you in a circle.

    Count them: comparing addresses is not enough, since each may differ from the one before. Not following any is as good.
    """
    chains: dict[tuple[str, int], list[Entry]] = {}
    asked: Counter[str] = Counter()
    for entry, request in trace.of(RequestReceived):
        if request.exchange == "redirect":
            chains.setdefault((request.service, asked[request.service]), []).append(entry)
        elif request.exchange != "preflight":
            asked[request.service] += 1
    if not chains:
        return not_applicable("no redirect was followed")
    longest = max(chains.values(), key=len)
    if len(longest) > MOST:
        return failed(f"at most {MOST} redirects for one request", f"{len(longest)}", *longest)
    return passed(longest[-1])
