"""slow_connect: the first knock is lost, and the second, a second later, is answered."""

import sys
import time

import pytest

from tests.fake_servers.proofs.probe import PATIENCE_S, connect
from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a program make its port deaf")

KNOCKS_AGAIN_S = 1.0
"""Linux, TCP_TIMEOUT_INIT: after the first SYN (RFC 6298, 2)."""


@with_or_without
def test_a_connection_comes_with_the_second_knock(with_fault: bool) -> None:
    lines = [early_line("slow_connect", **{"from": "0 s", "for": "500 ms"})]
    with serving(*lines if with_fault else ()) as served:
        began_s = time.monotonic()
        connect(served.license_url, patience_s=PATIENCE_S).close()
        took_s = time.monotonic() - began_s
        assert (took_s >= KNOCKS_AGAIN_S - 0.1) is with_fault
        assert took_s < 2.9, "that would be the third knock"
        assert ask_clearkey(served).status == 200
