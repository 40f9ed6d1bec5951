"""bandwidth: no byte comes sooner than the line allows, and all come."""

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, over_both, serving, with_or_without

RATE, PIECE = 1_000, 50


@with_or_without
@over_both
def test_what_has_arrived_never_exceeds_the_rate_and_all_arrives(tls: bool, with_fault: bool) -> None:
    honest = honest_reply(tls=tls)
    with serving(*[line("bandwidth", rate=f"{RATE} bytes")] if with_fault else (), tls=tls) as served:
        received = ask_clearkey(served)
    assert (received.data, received.ending) == (honest, "fin")
    within = [total <= seconds * RATE + PIECE for seconds, total in received.arrivals]
    assert all(within) is with_fault, received.arrivals
    if with_fault:
        assert received.arrivals[-1][0] >= (len(honest) - PIECE) / RATE
