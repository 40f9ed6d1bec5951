"""Which repetitions are the browser's own, by the history of connections and by time."""

from __future__ import annotations

from typing import Any

import pytest

from fake_servers.journal import ConnectionClosed, Event, ReplySent, RequestReceived
from harness.trace.entry import Entry
from harness.trace.resent import AT_ONCE_S, superseded

HEAD = {"content-type": "application/json"}


def trace(*events: tuple[float, Event]) -> list[Entry]:
    return [Entry(n=n, at=at, what=what) for n, (at, what) in enumerate(events)]  # type: ignore[arg-type]  # of the union


def asks(request: int, connection: int, exchange: str = "license") -> Event:
    return RequestReceived(
        request=request,
        connection=connection,
        service="license",
        exchange=exchange,
        nth=request,
        method="POST",
        path="/license",
    )


def replies(request: int, connection: int, status: int | None, **more: Any) -> Event:
    return ReplySent(
        request=request,
        connection=connection,
        service="license",
        exchange="license",
        nth=request,
        status=status,
        answer="http",
        headers=HEAD,
        **more,
    )


def dies(connection: int, request: int | None) -> Event:
    return ConnectionClosed(connection=connection, service="license", by="server", how="reset", open_request=request)


KEPT = [(0.0, asks(1, 1)), (0.1, replies(1, 1, 503))]
"""A connection that carried a request and was kept."""

CUT = {"complete": False, "sent_bytes": 0}


def test_a_repetition_at_once_of_what_died_on_a_kept_connection_is_the_browsers() -> None:
    entries = trace(*KEPT, (1.0, asks(2, 1)), (1.0, replies(2, 1, None, **CUT)), (1.0, dies(1, 2)), (1.003, asks(3, 2)))
    assert superseded(entries) == {2: 3}


def test_a_preflight_makes_a_connection_a_kept_one() -> None:
    preflight = (0.0, asks(1, 1, "preflight"))
    entries = trace(preflight, (0.1, asks(2, 1)), (0.1, dies(1, 2)), (0.103, asks(3, 2)))
    assert superseded(entries) == {2: 3}


def test_so_is_one_after_408_on_a_kept_connection() -> None:
    entries = trace(*KEPT, (1.0, asks(2, 1)), (1.0, replies(2, 1, 408)), (1.002, asks(3, 2)))
    assert superseded(entries) == {2: 3}


def test_several_dead_connections_make_several_repetitions() -> None:
    kept = [(0.0, asks(1, 1)), (0.0, replies(1, 1, 503)), (0.0, asks(2, 2)), (0.0, replies(2, 2, 503))]
    entries = trace(*kept, (1.0, asks(3, 1)), (1.0, dies(1, 3)), (1.002, asks(4, 2)), (1.003, dies(2, 4)), (1.005, asks(5, 3)))
    assert superseded(entries) == {3: 4, 4: 5}


@pytest.mark.parametrize(
    ("why", "entries"),
    [
        ("the connection was new", trace((0.0, asks(1, 1)), (0.0, dies(1, 1)), (0.002, asks(2, 2)))),
        ("a pause was made", trace(*KEPT, (1.0, asks(2, 1)), (1.0, dies(1, 2)), (1.01 + AT_ONCE_S, asks(3, 2)))),
        ("the page could see the reply", trace(*KEPT, (1.0, asks(2, 1)), (1.0, replies(2, 1, 503)), (1.002, asks(3, 2)))),
        (
            "the head of the reply was whole",
            trace(*KEPT, (1.0, asks(2, 1)), (1.0, replies(2, 1, 200, complete=False, sent_bytes=300)), (1.002, asks(3, 2))),
        ),
        ("it went over the same connection", trace(*KEPT, (1.0, asks(2, 1)), (1.0, replies(2, 1, 408)), (1.002, asks(3, 1)))),
        ("408 came on a new connection", trace((0.0, asks(1, 1)), (0.0, replies(1, 1, 408)), (0.002, asks(2, 2)))),
    ],
)
def test_a_repetition_is_the_players_own_where(why: str, entries: list[Entry]) -> None:
    assert superseded(entries) == {}


def test_half_a_head_is_no_reply() -> None:
    entries = trace(*KEPT, (1.0, asks(2, 1)), (1.0, replies(2, 1, 200, complete=False, sent_bytes=30)), (1.002, asks(3, 2)))
    assert superseded(entries) == {2: 3}
