"""delay: the first byte is late, and then all is there."""

from tests.fake_servers.proofs.probe import PATIENCE_S, SILENCE_S
from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_no_byte_comes_during_a_delay_that_outlasts_the_client(with_fault: bool) -> None:
    honest = honest_reply()
    with serving(*[line("delay", delay="1 min")] if with_fault else ()) as served:
        received = ask_clearkey(served, SILENCE_S if with_fault else PATIENCE_S)
    assert (received.data, received.ending) == ((b"", "silence") if with_fault else (honest, "fin"))


def test_the_first_byte_is_not_early_and_the_reply_is_whole() -> None:
    honest = honest_reply()
    with serving(line("delay", delay="200 ms", jitter="50 ms")) as served:
        received = ask_clearkey(served)
    assert (received.data, received.ending) == (honest, "fin")
    assert received.arrivals[0][0] >= 0.2
