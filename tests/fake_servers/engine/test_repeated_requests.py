"""What the engine remembers of one request to spare work on the next must never show in the next."""

from __future__ import annotations

import json

import pytest

from fake_servers.content_keys import key_id_text
from fake_servers.engine.http_reply import KEPT_BYTES, outgoing
from fake_servers.faults.base import Reply
from fake_servers.given import Given
from fake_servers.journal import ReplySent, RequestReceived, TruthChanged
from tests.fake_servers.sessions import BODY, Run, connected, on_both_networks, session_with


@on_both_networks
def test_each_request_on_a_connection_is_journaled_with_its_own_headers_and_no_credentials(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with() as (session, journal), connected(url := session.endpoints["license"]) as peer:
            for headers in ({"X_Turn": "1"}, {"X_Turn": "1"}, {"X_Turn": "2", "Authorization": "secret"}, {"X_Turn": "1"}):
                peer.ask(url, BODY, **headers)
                assert (await peer.reply()).status == 200
        told = journal.of(RequestReceived)
        assert [event.headers["x-turn"] for event in told] == ["1", "1", "2", "1"]
        assert not any("authorization" in event.headers for event in told)

    run(main)


@on_both_networks
def test_the_same_request_twice_is_decided_twice_and_another_gets_another_reply(run: Run[None]) -> None:
    async def main() -> None:
        given = Given(licenses=("series",))
        other = json.dumps({"kids": [key_id_text("series")], "type": "temporary"}).encode()
        async with session_with(given=given) as (session, journal), connected(url := session.endpoints["license"]) as peer:
            replies = []
            for body in (BODY, BODY, other, BODY, b"{}"):
                peer.ask(url, body)
                replies.append(await peer.reply())
        assert [reply.status for reply in replies] == [200, 200, 200, 200, 400]
        assert replies[0].body == replies[1].body == replies[3].body != replies[2].body
        assert [event.data["issued"] for event in journal.of(TruthChanged)] == [1, 2, 1, 3]
        assert [event.request for event in journal.of(TruthChanged)] == [1, 2, 3, 4]
        assert [event.nth for event in journal.of(ReplySent)] == [1, 2, 3, 4, 5]

    run(main)


@on_both_networks
def test_a_body_that_fills_the_read_buffer_is_read_to_its_end_and_the_connection_goes_on(run: Run[None]) -> None:
    async def main() -> None:
        large = b" " * 900_000
        async with session_with() as (session, journal), connected(url := session.endpoints["license"]) as peer:
            for body, status in ((large, 413), (BODY, 200), (large, 413), (BODY, 200)):
                peer.ask(url, body)
                assert (await peer.reply()).status == status
        assert [event.body_bytes for event in journal.of(RequestReceived)] == [900_000, len(BODY), 900_000, len(BODY)]

    run(main)


@pytest.mark.parametrize("size", [1, KEPT_BYTES, KEPT_BYTES + 1])
def test_a_reply_that_was_written_before_has_the_date_of_its_own_second(size: int) -> None:
    reply = Reply(200, {"Retry-After": "Sun, 06 Nov 1994 08:50:00 GMT"}, b"x" * size)
    now, again, later = (outgoing(reply, epoch_s=784111777.0 + s, keep_alive=True) for s in (0.0, 0.5, 1.0))
    assert now.data == again.data != later.data
    assert (now.headers["date"], later.headers["date"]) == ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:38 GMT")
    assert (now.retry_after_s, again.retry_after_s, later.retry_after_s) == (23.0, 22.5, 22.0)
