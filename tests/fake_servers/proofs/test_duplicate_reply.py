"""duplicate_reply: the same reply again, and the connection stays."""

from tests.fake_servers.proofs.probe import SILENCE_S, connect, receive, request
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, over_both, serving, with_or_without


@with_or_without
@over_both
def test_the_reply_comes_three_times(tls: bool, with_fault: bool) -> None:
    honest = honest_reply(tls=tls)
    with serving(*[line("duplicate_reply", times=3)] if with_fault else (), tls=tls) as served:
        received = ask_clearkey(served)
    body = honest.partition(b"\r\n\r\n")[2]
    assert received.data.count(b"HTTP/1.1 200 OK\r\n") == (3 if with_fault else 1)
    assert received.data.count(body) == (3 if with_fault else 1)
    assert received.data.endswith(body)


@with_or_without
def test_a_kept_connection_has_the_second_reply_before_the_next_request(with_fault: bool) -> None:
    with (
        serving(*[line("duplicate_reply")] if with_fault else ()) as served,
        connect(served.license_url) as sock,
    ):
        sock.sendall(request(served.license_url, CLEARKEY_REQUEST, {"Connection": "keep-alive"}))
        received = receive(sock, SILENCE_S)
        assert (received.data.count(b"HTTP/1.1 "), received.ending) == (2 if with_fault else 1, "silence")
