"""connect_timeout: a knock is not answered, neither by a connection nor by a refusal."""

import socket
import sys
from urllib.parse import urlsplit

import pytest

from tests.fake_servers.proofs.probe import PATIENCE_S, SILENCE_S, connect
from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a program make its port deaf")

WINDOW = {"from": "0 s", "for": "1 min"}
SYN_SENT, ESTABLISHED = 2, 1
"""Linux, tcp_states.h."""


@with_or_without
def test_the_clients_own_system_is_left_waiting_for_an_answer_to_its_syn(with_fault: bool) -> None:
    with serving(*[early_line("connect_timeout", **WINDOW)] if with_fault else ()) as served:
        parts = urlsplit(served.license_url)
        with socket.socket() as sock:
            sock.settimeout(SILENCE_S)
            failed = sock.connect_ex((parts.hostname, parts.port))
            state = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    assert (bool(failed), state) == ((True, SYN_SENT) if with_fault else (False, ESTABLISHED))


def test_other_services_listen_on() -> None:
    with serving(early_line("connect_timeout", **WINDOW)) as served:
        connect(served.endpoints["release"], patience_s=PATIENCE_S).close()


def test_the_port_answers_again_after_the_window() -> None:
    with serving(early_line("connect_timeout", **{"from": "0 s", "for": "300 ms"})) as served:
        assert ask_clearkey(served).status == 200
