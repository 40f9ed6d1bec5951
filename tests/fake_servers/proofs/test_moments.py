"""Which of many requests meet a fault, as their sockets tell."""

import time
from contextlib import ExitStack
from typing import Any

from tests.fake_servers.proofs.probe import SILENCE_S, connect, receive, request
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, ask_clearkey
from tests.fake_servers.proofs.serving import serving


def rule(**when: Any) -> dict[str, Any]:
    return {"when": {"exchange": "license", **when}, "fault": "status", "status": 503}


def statuses(requests: int, *lines: dict[str, Any]) -> list[int]:
    with serving(*lines) as served:
        return [ask_clearkey(served).status for _ in range(requests)]


def test_the_second_to_the_fourth() -> None:
    assert statuses(5, rule(nth="2 to 4")) == [200, 503, 503, 503, 200]


def test_some_by_chance_and_the_same_ones_in_the_next_run() -> None:
    first, second = statuses(24, rule(probability=0.5)), statuses(24, rule(probability=0.5))
    assert first == second
    assert 4 < first.count(503) < 20


def test_for_a_stretch_of_time() -> None:
    with serving(rule(**{"for": "300 ms"})) as served:
        began_s = time.monotonic()
        assert ask_clearkey(served).status == 503
        while (status := ask_clearkey(served).status) == 503:
            assert time.monotonic() - began_s < 5
        assert (status, time.monotonic() - began_s >= 0.28) == (200, True)


def test_only_while_more_than_two_wait() -> None:
    late = {"when": {"exchange": "license", "nth": "1 to 3"}, "fault": "delay", "delay": "1 min"}
    with serving(late, rule(waiting_more_than=2)) as served, ExitStack() as crowd:
        assert ask_clearkey(served, SILENCE_S).ending == "silence"  # and it leaves, so that it waits no longer
        for _ in range(2):
            sock = connect(served.license_url)
            crowd.callback(sock.close)
            sock.sendall(request(served.license_url, CLEARKEY_REQUEST))
            assert receive(sock, SILENCE_S).ending == "silence"
        assert ask_clearkey(served).status == 503, "two wait already"
    with serving(late, rule(waiting_more_than=2)) as served:
        for _ in range(3):
            assert ask_clearkey(served, SILENCE_S).ending == "silence"
        assert ask_clearkey(served).status == 200, "all have left"
