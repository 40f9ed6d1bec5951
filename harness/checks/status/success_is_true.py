"""STATUS-004: success is claimed only when it is true."""

from fake_servers.content_keys import key_id_text
from harness.checks.goals import came_true_before, goal_of, grants, is_local
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace


@check(
    "STATUS-004",
    title="Success is claimed only when it is true",
    source="Windows Media Format SDK, IWMStatusCallback::OnStatus: a status with a failing result is not the status it names",
    needs={"outcome", "truth", "wire"},
)
def success_is_true(trace: Trace) -> Finding:
    """Report success only after the service did what was asked **and** its whole reply reached you in a usable state.

    Status 200 is not success: a captive portal answers so too. Nor is a request that was sent, nor a reply of which a part
    arrived, nor a license whose key does not open the content, nor one of several that are needed at once. What counts, by
    operation: the component was handed out, the license granted, the removal acknowledged, the backup confirmed by the vault,
    the licenses restored.

    A device that has its component already may report success of an individualization without asking. A backup into a folder
    has no service and is not judged here.
    """
    if is_local(trace):
        return not_applicable("a backup into a folder asks no service")
    claims = [round_.settled for round_ in trace.rounds if round_.settled is not None and round_.outcome == "succeeded"]
    if not claims:
        return not_applicable("no success was claimed")
    is_done_already = trace.head.scenario.operation is Operation.INDIVIDUALIZATION and trace.head.scenario.given.individualized
    goal = goal_of(trace)
    for claim in claims:
        if is_done_already:
            continue
        granted = [one for one in grants(trace) if one.reply is not None and one.reply.n < claim.n]
        if not granted or _lacks(trace, granted):
            expected = f"success only after a whole, usable reply '{goal.answer}'"
            return failed(expected, "no such reply came before it", *_met(trace, claim.n), claim)
        if not came_true_before(trace, claim):
            return failed(f"success only if the service has done it ({' or '.join(goal.truths)})", "it has not", claim)
    return passed(*claims)


def _lacks(trace: Trace, granted: list[Exchanged]) -> bool:
    """Whether, of several contents that were needed at once, one was not among what was granted."""
    if not trace.head.scenario.given.also or not all(one.contents for one in granted):
        return False
    return not set(map(key_id_text, trace.head.scenario.given.wanted)) <= {
        content for one in granted for content in one.contents
    }


def _met(trace: Trace, until: int) -> list[Entry]:
    """The last exchange before the claim: what the client took for success."""
    before = [exchanged for exchanged in trace.exchanges if exchanged.request.n < until]
    return [e for e in (before[-1].request, before[-1].reply, *before[-1].faults) if e is not None] if before else []
