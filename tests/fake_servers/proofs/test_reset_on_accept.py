"""reset_on_accept: a connection is accepted and reset, before the client has said a word."""

from tests.fake_servers.proofs.probe import SILENCE_S, Received, connect, receive
from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import Served, early_line, serving, with_or_without


def only_listen(served: Served, patience_s: float) -> Received:
    """Connect and say nothing. The reset may be faster than ``connect`` returns."""
    try:
        with connect(served.license_url) as sock:
            return receive(sock, patience_s)
    except ConnectionResetError:
        return Received(b"", "reset")


@with_or_without
def test_the_first_thing_that_a_client_meets_is_a_reset(with_fault: bool) -> None:
    with serving(*[early_line("reset_on_accept")] if with_fault else ()) as served:
        first = only_listen(served, 20.0 if with_fault else SILENCE_S)
        second = ask_clearkey(served)
    assert (first.data, first.ending) == (b"", "reset" if with_fault else "silence")
    assert second.status == 200
