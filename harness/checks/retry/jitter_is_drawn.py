"""RETRY-017: where jitter is promised, pauses differ."""

from harness.checks.pauses import own_pauses
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.trace import Trace

FEWEST = 4
"""Of three pauses, one honest client in some thousands draws three that look the same."""

CHANCE = 1e-5
"""One honest client in a hundred thousand may be accused by chance."""


@check(
    "RETRY-017",
    title="Where jitter is promised, pauses differ",
    level="should",
    source="google/ExoPlayer#5129: clients that failed together came back together, and took the service down again",
    needs={"wire", "retry_policy"},
)
def jitter_is_drawn(trace: Trace) -> Finding:
    """Draw every pause anew from the whole band that your policy's ``jitter`` promises.

    All clients of a service fail in the same moment. If their pauses are the same, they come back in the same moment too. Each
    pause is taken in relation to the one promised; of honest draws, the span that they fill is known: in an even distribution
    over a band of width 1, n draws lie within w with the chance ``n w^(n-1) - (n-1) w^n``. If that is less than one in a
    hundred thousand, nothing was drawn. Judged from four pauses on; a cap, a ``Retry-After`` or the user spoil no pause but
    their own. That two clients draw differently shows in runs with different seeds (`run --repeat`).
    """
    assert trace.profile.retry is not None
    policy = trace.profile.retry
    if not policy.jitter:
        return not_applicable("the profile promises no jitter")
    measured = [pause for pause in own_pauses(trace) if sum(policy.bounds_s(pause.failures_in_a_row)) > 0]
    if len(measured) < FEWEST:
        return not_applicable(f"fewer than {FEWEST} pauses can be measured")
    shares = [pause.seconds / (sum(policy.bounds_s(pause.failures_in_a_row)) / 2) for pause in measured]
    span = min(1.0, (max(shares) - min(shares)) / (2 * policy.jitter))
    chance = chance_of_span(len(shares), span)
    if chance < CHANCE:
        expected = f"pauses that differ by up to {policy.jitter:.0%} either way"
        observed = f"{len(shares)} within {span:.2%} of that band; chance draws that once in {1 / max(chance, 1e-12):.0g} times"
        return failed(expected, observed, *[pause.again.request for pause in measured])
    return passed(*[pause.again.request for pause in measured])


def chance_of_span(draws: int, span: float) -> float:
    """How likely it is that so many even draws from 0 to 1 lie within a span of this width."""
    return draws * span ** (draws - 1) - (draws - 1) * span**draws
