"""early_reply: an answer to the first byte, and the end."""

from tests.fake_servers.proofs.probe import SILENCE_S, connect, receive
from tests.fake_servers.proofs.requests import ask_clearkey, service_acted_on
from tests.fake_servers.proofs.serving import early_line, over_both, serving, with_or_without


@with_or_without
@over_both
def test_the_first_byte_of_a_request_is_answered(tls: bool, with_fault: bool) -> None:
    with serving(*[early_line("early_reply")] if with_fault else (), tls=tls) as served:
        with connect(served.license_url, served.trust) as sock:
            sock.sendall(b"P")
            answer = receive(sock) if with_fault else receive(sock, SILENCE_S)
        assert ask_clearkey(served).status == 200
    if with_fault:
        assert (answer.status, answer.is_whole, answer.ending) == (503, True, "fin")
    else:
        assert (answer.data, answer.ending) == (b"", "silence")


def test_what_is_sent_after_it_does_no_harm() -> None:
    with serving(early_line("early_reply", {"status": 408})) as served, connect(served.license_url) as sock:
        for _ in range(50):
            sock.sendall(bytes(10_000))
        answer = receive(sock)
    assert (answer.status, answer.ending) == (408, "fin")


def test_the_service_has_heard_nothing() -> None:
    with serving(early_line("early_reply"), dialect="wmdrm") as served:
        with connect(served.license_url) as sock:
            sock.sendall(b"POST / HTTP/1.1\r\n")
            assert receive(sock).status == 503
        assert not service_acted_on(served, "n-1")
