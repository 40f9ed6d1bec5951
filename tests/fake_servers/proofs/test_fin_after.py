"""fin_after: so many bytes to the last one, then an end of stream."""

import pytest

from tests.fake_servers.proofs.probe import connect, receive, request
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, over_both, serving, with_or_without


@with_or_without
@over_both
@pytest.mark.parametrize("place", ["nothing", "one byte", "within the head", "all but one byte"])
def test_exactly_the_budget_arrives(place: str, tls: bool, with_fault: bool) -> None:
    honest = honest_reply(tls=tls)
    length = {"nothing": 0, "one byte": 1, "within the head": 60, "all but one byte": len(honest) - 1}[place]
    lines = [line("fin_after", after_bytes=f"{length} bytes")]
    with serving(*lines if with_fault else (), tls=tls) as served:
        cut, next_one = ask_clearkey(served), ask_clearkey(served)
    assert (cut.data, cut.ending) == ((honest[:length], "fin") if with_fault else (honest, "fin"))
    assert (next_one.data, next_one.ending) == (honest, "fin"), "the fault met the first request only"


@with_or_without
@over_both
def test_a_slow_reader_of_megabytes_gets_every_byte_before_the_cut(tls: bool, with_fault: bool) -> None:
    big, cut = line("oversize_body", size="3 MB"), line("fin_after", after_bytes="2500001 bytes")
    with (
        serving(big, *[cut] if with_fault else (), tls=tls) as served,
        connect(served.license_url, served.trust, receive_buffer=16_384) as sock,
    ):
        sock.sendall(request(served.license_url, CLEARKEY_REQUEST))
        received = receive(sock, pause_s=0.0005)
    if with_fault:
        assert (len(received.data), received.ending) == (2_500_001, "fin")
    else:
        assert (len(received.body), received.ending) == (3_000_000, "fin")
