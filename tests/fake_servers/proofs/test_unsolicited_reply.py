"""unsolicited_reply: an answer to nothing, then the end of the stream."""

from tests.fake_servers.proofs.probe import connect, receive, request
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, honest_reply
from tests.fake_servers.proofs.serving import line, over_both, serving, with_or_without


@with_or_without
@over_both
def test_a_408_follows_the_reply(tls: bool, with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    keep = "keep-alive" if with_fault else "close"
    with (
        serving(*[line("unsolicited_reply")] if with_fault else (), tls=tls) as served,
        connect(served.license_url, served.trust) as sock,
    ):
        sock.sendall(request(served.license_url, CLEARKEY_REQUEST, {"Connection": keep}))
        received = receive(sock)
    assert (received.status, received.ending) == (200, "fin")
    assert received.body.startswith(honest)
    rest = received.body[len(honest) :]
    assert rest.startswith(b"HTTP/1.1 408 ") is with_fault
    assert bool(rest) is with_fault
