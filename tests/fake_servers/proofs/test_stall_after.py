"""stall_after: so many bytes, a pause, and then the rest."""

from tests.fake_servers.proofs.probe import PATIENCE_S, SILENCE_S
from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_exactly_so_many_bytes_come_before_a_pause_that_outlasts_the_client(with_fault: bool) -> None:
    honest = honest_reply()
    with serving(*[line("stall_after", after_bytes="60 bytes", stall="1 min")] if with_fault else ()) as served:
        received = ask_clearkey(served, SILENCE_S if with_fault else PATIENCE_S)
    assert (received.data, received.ending) == ((honest[:60], "silence") if with_fault else (honest, "fin"))


def test_after_the_pause_the_rest_arrives_and_not_before() -> None:
    honest = honest_reply()
    with serving(line("stall_after", after_bytes="60 bytes", stall="200 ms")) as served:
        received = ask_clearkey(served)
    assert (received.data, received.ending) == (honest, "fin")
    assert 60 in [total for _, total in received.arrivals], "the bytes before the pause are not held back with the rest"
    assert min(seconds for seconds, total in received.arrivals if total > 60) >= 0.2
