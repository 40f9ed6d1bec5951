"""A client with a request under way is not idle, however quiet it is."""

from __future__ import annotations

from typing import cast

import pytest

from fake_servers.journal import ConnectionClosed, ConnectionOpened, Event, ReplySent, RequestReceived
from harness.trace.entry import Entry, What
from harness.world.in_flight import InFlight

OPENED = ConnectionOpened(connection=1, service="license")
ASKED = RequestReceived(request=1, connection=1, service="license", exchange="license", nth=1, method="POST", path="/")
WHOLE, BROKEN = (
    ReplySent(
        request=1, connection=1, service="license", exchange="license", nth=1, status=200, answer="granted", complete=complete
    )
    for complete in (True, False)
)
CLOSED = ConnectionClosed(connection=1, service="license", by="client", how="fin")
OTHER = ConnectionOpened(connection=2, service="license")


@pytest.mark.parametrize(
    ("events", "is_at_work"),
    [
        ([], False),
        ([OPENED], True),
        ([OPENED, ASKED], True),
        ([OPENED, ASKED, WHOLE], False),
        ([OPENED, ASKED, WHOLE, ASKED], True),
        ([OPENED, ASKED, BROKEN], True),
        ([OPENED, ASKED, BROKEN, CLOSED], False),
        ([OPENED, CLOSED], False),
        ([OPENED, ASKED, WHOLE, OTHER], True),
    ],
    ids=["nothing", "connected", "asked", "answered", "kept alive", "half an answer", "given up", "closed", "another"],
)
def test_a_connection_is_at_work_until_it_is_answered_whole_or_closed(events: list[Event], is_at_work: bool) -> None:
    in_flight = InFlight()
    for n, event in enumerate(events):
        in_flight.hear(Entry(n=n, at=0.0, what=cast("What", event)))
    assert bool(in_flight) is is_at_work
