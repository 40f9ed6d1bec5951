"""drip: the reply comes in drops, no drop too early, and in the end it is whole."""

from tests.fake_servers.proofs.probe import PATIENCE_S, SILENCE_S
from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_one_drop_comes_and_the_client_gives_up_before_the_next(with_fault: bool) -> None:
    honest = honest_reply()
    with serving(*[line("drip", chunk="10 bytes", every="1 min")] if with_fault else ()) as served:
        received = ask_clearkey(served, SILENCE_S if with_fault else PATIENCE_S)
    assert (received.data, received.ending) == ((honest[:10], "silence") if with_fault else (honest, "fin"))


def test_no_drop_comes_before_its_time_and_all_come() -> None:
    honest = honest_reply()
    with serving(line("drip", chunk="50 bytes", every="30 ms")) as served:
        received = ask_clearkey(served)
    assert (received.data, received.ending) == (honest, "fin")
    for seconds, total in received.arrivals:
        drops = -(-total // 50)  # begun so far; one pause lies between each two
        assert seconds >= (drops - 1) * 0.03
