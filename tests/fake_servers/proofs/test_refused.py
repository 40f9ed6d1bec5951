"""refused: nobody listens until the window is over."""

import time

import pytest

from tests.fake_servers.proofs.probe import PATIENCE_S, connect
from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import Served, early_line, serving, with_or_without


def is_refused(served: Served) -> bool:
    try:
        connect(served.license_url).close()
    except ConnectionRefusedError:
        return True
    return False


@with_or_without
def test_a_connect_attempt_is_refused_while_the_window_lasts(with_fault: bool) -> None:
    lines = [early_line("refused", **{"from": "0 s", "for": "1 min"})]
    with serving(*lines if with_fault else ()) as served:
        assert is_refused(served) is with_fault


def test_the_port_answers_again_after_the_window_and_not_before() -> None:
    before_s = time.monotonic()
    with serving(early_line("refused", **{"from": "0 s", "for": "300 ms"})) as served:
        while is_refused(served):
            assert time.monotonic() - before_s < PATIENCE_S
            time.sleep(0.002)  # between two knocks
        assert time.monotonic() - before_s >= 0.3
        assert ask_clearkey(served).status == 200


@pytest.mark.parametrize("exchange", ["release"])
def test_other_services_listen_on(exchange: str) -> None:
    with serving(early_line("refused", **{"from": "0 s", "for": "1 min"})) as served:
        connect(served.endpoints[exchange]).close()
