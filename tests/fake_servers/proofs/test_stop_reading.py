"""stop_reading: who sends a lot is stuck, since nobody takes it; a small request waits for its reply."""

import socket
import sys
import time

import pytest

from tests.fake_servers.proofs.probe import PATIENCE_S, SILENCE_S, connect, receive, request
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, ask_clearkey
from tests.fake_servers.proofs.serving import early_line, over_both, serving, with_or_without

LARGE = 30_000_000
"""More than any kernel holds between two sockets."""


@with_or_without
@over_both
def test_a_small_request_gets_no_reply(tls: bool, with_fault: bool) -> None:
    with serving(*[early_line("stop_reading", {"stall": "1 min"})] if with_fault else (), tls=tls) as served:
        first = ask_clearkey(served, SILENCE_S if with_fault else PATIENCE_S)
        assert ask_clearkey(served).status == 200
    assert (first.data == b"", first.ending) == ((True, "silence") if with_fault else (False, "fin"))


@pytest.mark.skipif(sys.platform != "linux", reason="how much kernels hold differs")
@with_or_without
def test_a_large_request_cannot_even_be_sent(with_fault: bool) -> None:
    with (
        serving(*[early_line("stop_reading", {"stall": "1 min"})] if with_fault else ()) as served,
        connect(served.license_url) as sock,
    ):
        assert isinstance(sock, socket.socket)
        sock.settimeout(2.0)
        is_stuck = is_refused = False
        try:
            sock.sendall(request(served.license_url, bytes(LARGE)))
        except TimeoutError:
            is_stuck = True
        except ConnectionError:  # a service that reads finds it too large, answers, and closes
            is_refused = True
    assert is_stuck is with_fault
    assert not (is_refused and with_fault)


def test_after_the_pause_and_not_before_the_request_is_answered() -> None:
    with serving(early_line("stop_reading", {"stall": "300 ms"})) as served, connect(served.license_url) as sock:
        began_s = time.monotonic()
        sock.sendall(request(served.license_url, CLEARKEY_REQUEST))
        answer = receive(sock, began_s=began_s)
    assert (answer.status, answer.ending) == (200, "fin")
    assert answer.arrivals[0][0] >= 0.28  # the pause began with the connection, a moment sooner
