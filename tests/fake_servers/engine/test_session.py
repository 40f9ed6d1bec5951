"""A session on either network: requests, faults and endings, and the journal that tells of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import ClassVar

import pytest

from fake_servers.faults.base import (
    Action,
    ByteFault,
    HttpContext,
    HttpFault,
    Presentation,
    RawReply,
    Reply,
    Send,
    ServiceFault,
    Silence,
)
from fake_servers.faults.script import Fate
from fake_servers.given import Given
from fake_servers.journal import (
    ConnectionClosed,
    FaultFired,
    ReplySent,
    RequestReceived,
    TruthChanged,
)
from fake_servers.services.decision import Decision, ServiceRequest
from tests.fake_servers.sessions import (
    BODY,
    Run,
    ask,
    connected,
    on_both_networks,
    on_exchange,
    session_with,
    until,
)


class SilentAfter(ByteFault):
    """Falls silent after ``length`` bytes."""

    name: ClassVar[str] = "silent_after"
    length: int

    def presents_as(self) -> Presentation:
        return Presentation.SILENCE

    def stream(self, rng: Random) -> SilentAfter:
        return self

    def feed(self, chunk: bytes) -> Iterator[Action]:
        if chunk:
            yield Send(chunk[: self.length])
            yield Silence()


class Broken(ServiceFault):
    """A fault with a bug."""

    name: ClassVar[str] = "broken"

    def presents_as(self) -> Presentation:
        return Presentation.SERVER_ERROR

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        raise ZeroDivisionError("a bug")


class Honest(ServiceFault):
    """A fault that changes nothing."""

    name: ClassVar[str] = "honest"

    def presents_as(self) -> Presentation:
        return Presentation.SERVER_ERROR

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return honest()


class Garbage(HttpFault):
    """Bytes that are no HTTP, in the service's place."""

    name: ClassVar[str] = "garbage"

    def presents_as(self) -> Presentation:
        return Presentation.CORRUPTED

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        return RawReply(b"garbage")


@on_both_networks
def test_a_whole_exchange_is_told_from_connect_to_close(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with() as (session, journal):
            heard = await ask(session.endpoints["license"])
            await until(lambda: session.open_connections == 0)
        assert heard.status == 200
        assert json.loads(heard.body)["keys"]
        assert journal.kinds == ["connection_opened", "request_received", "truth_changed", "reply_sent", "connection_closed"]
        (asked,), (replied,), (truth,) = journal.of(RequestReceived), journal.of(ReplySent), journal.of(TruthChanged)
        assert (asked.exchange, asked.nth, asked.method, asked.path) == ("license", 1, "POST", "/license")
        assert asked.body_bytes == len(BODY)
        assert asked.fields["content"]
        assert truth.request == asked.request == replied.request == 1
        assert (replied.status, replied.answer, replied.complete) == (200, "granted", True)
        assert replied.sent_bytes == len(heard.data)
        assert replied.body_bytes == len(heard.body)
        (closed,) = journal.of(ConnectionClosed)
        assert (closed.by, closed.how, closed.open_request) == ("server", "fin", None)

    run(main)


@on_both_networks
def test_a_fault_meets_the_second_request_of_a_kept_connection_only(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("reset_after", 2, after_bytes="40 bytes")) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.ask(url)
                first = await peer.reply()
                peer.ask(url)
                second = await peer.rest()
            third = await ask(url)
        assert (first.status, third.status) == (200, 200)
        assert (second.data, second.ending) == (first.data[:40], "reset")
        assert [(event.connection, event.nth, event.complete) for event in journal.of(ReplySent)] == [
            (1, 1, True),
            (1, 2, False),
            (2, 3, True),
        ]
        assert journal.of(ReplySent)[1].faults == (0,)
        closed = journal.of(ConnectionClosed)[0]
        assert (closed.by, closed.how, closed.open_request) == ("server", "reset", 2)
        assert session.script.fates() == [Fate.FIRED]

    run(main)


@on_both_networks
def test_a_client_that_leaves_while_its_request_is_held_is_told_with_the_time_it_waited(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("delay", delay="20 s")) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.ask(url)
                await until(lambda: bool(journal.of(FaultFired)))
                await asyncio.sleep(0.1)
            await until(lambda: session.open_connections == 0)
        (replied,), (closed,) = journal.of(ReplySent), journal.of(ConnectionClosed)
        assert (replied.status, replied.sent_bytes, replied.complete) == (None, 0, False)
        assert 0.1 <= replied.hold_s < 5
        assert (closed.by, closed.how, closed.open_request) == ("client", "fin", 1)
        assert closed.open_s >= replied.hold_s
        assert journal.kinds[-2:] == ["reply_sent", "connection_closed"]

    run(main)


@on_both_networks
def test_silence_is_kept_until_the_client_leaves_and_swallows_what_it_says(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange(SilentAfter(length=20))) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.ask(url)
                got = await peer.reader.readexactly(20)
                peer.ask(url)  # nobody hears it
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await peer.reader.read(1)
            await until(lambda: session.open_connections == 0)
        assert got == b"HTTP/1.1 200 OK\r\nAcc"
        assert len(journal.of(RequestReceived)) == 1
        assert journal.of(ReplySent)[0].sent_bytes == 20
        (closed,) = journal.of(ConnectionClosed)
        assert (closed.by, closed.how, closed.open_request) == ("client", "fin", 1)

    run(main)


@on_both_networks
def test_byte_faults_on_one_reply_work_in_script_order(run: Run[None]) -> None:
    async def main() -> None:
        rules = (
            on_exchange("flip_bits", at_byte="0 bytes", count=8),
            on_exchange("delay", delay="100 ms"),
            on_exchange("fin_after", after_bytes="9 KB"),  # never reached: the reply is shorter
        )
        async with session_with(*rules) as (session, journal):
            heard = await ask(session.endpoints["license"])
        assert heard.body[0] == ord("{") ^ 0xFF
        (replied,) = journal.of(ReplySent)
        assert replied.hold_s >= 0.1
        assert not replied.complete
        assert replied.faults == (1, 0), "the flipped bytes went out after the pause"
        assert session.script.fates() == [Fate.FIRED, Fate.FIRED, Fate.UNFIRED]

    run(main)


@on_both_networks
def test_a_service_fault_that_changes_nothing_is_unfired(run: Run[None]) -> None:
    async def main() -> None:
        rules = (on_exchange(Honest()), on_exchange("denied", 2), on_exchange("denied", 9))
        async with session_with(*rules) as (session, journal):
            granted, denied = await ask(session.endpoints["license"]), await ask(session.endpoints["license"])
        assert (granted.status, denied.status) == (200, 403)
        assert session.script.fates() == [Fate.UNFIRED, Fate.FIRED, Fate.NOT_REACHED]
        assert [event.answer for event in journal.of(ReplySent)] == ["granted", "denied"]

    run(main)


@on_both_networks
def test_a_service_fault_that_the_dialect_has_no_word_for_is_unfired(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("expired"), on_exchange("wrong_key", 2)) as (session, _):
            same, other = await ask(session.endpoints["license"]), await ask(session.endpoints["license"])
        assert (same.status, other.status) == (200, 200)
        assert same.body != other.body, "Clear Key shows a key, and no date"
        assert session.script.fates() == [Fate.UNFIRED, Fate.FIRED]

    run(main)


@on_both_networks
def test_an_http_fault_instead_of_the_service_leaves_the_truth_alone(run: Run[None]) -> None:
    async def main() -> None:
        rules = (on_exchange("status", status=500), on_exchange("status", status=418), on_exchange("missing_cors", (1, 2)))
        async with session_with(*rules) as (session, journal):
            instead, changed = await ask(session.endpoints["license"]), await ask(session.endpoints["license"])
        assert (instead.status, changed.status) == (500, 200)
        assert not any(name.startswith("access-control") for heard in (instead, changed) for name in heard.headers)
        assert [event.request for event in journal.of(TruthChanged)] == [2]
        assert [event.answer for event in journal.of(ReplySent)] == ["http", "granted"]
        assert session.script.fates() == [Fate.FIRED, Fate.UNFIRED, Fate.FIRED]

    run(main)


@on_both_networks
def test_raw_bytes_go_out_as_they_are_and_then_the_connection_ends(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange(Garbage())) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.ask(url)
                heard = await peer.rest()
        assert (heard.data, heard.ending) == (b"garbage", "fin")
        (replied,) = journal.of(ReplySent)
        assert (replied.status, replied.answer, replied.complete) == (None, "http", False)

    run(main)


@on_both_networks
def test_preflights_pages_and_strangers_are_not_counted_as_exchanges_and_meet_no_fault(run: Run[None]) -> None:
    async def main() -> None:
        rule = on_exchange("status", nth=None, exchange="license", status=500)
        async with session_with(rule, dialect="wmdrm") as (session, journal):
            url = session.endpoints["license"]
            preflight = await ask(url, b"", method="OPTIONS", Access_Control_Request_Headers="content-type,x")
            page = await ask(url + "/page/nobody", b"", method="GET")
            lost_page = await ask(url + "/page/nobody", b"", method="POST")
            stranger = await ask(url + "/nothing/here")
            elsewhere = await ask(url.replace("/license", "/backup"))
        assert preflight.status == 204
        assert preflight.headers["access-control-allow-headers"] == "content-type,x"
        assert "POST" in preflight.headers["access-control-allow-methods"]
        assert (page.status, lost_page.status) == (200, 404)
        assert (stranger.status, elsewhere.status) == (404, 404)
        assert "error" in json.loads(stranger.body)
        asked = journal.of(RequestReceived)
        assert [(event.exchange, event.nth) for event in asked] == [
            ("preflight", 1),
            ("page", 1),
            ("page", 2),
            ("unknown", 1),
            ("unknown", 2),
        ]
        assert [bool(event.problem) for event in asked] == [False, False, False, True, True]
        assert session.script.fates() == [Fate.NOT_REACHED]

    run(main)


@on_both_networks
def test_every_reply_can_be_read_by_a_page_and_names_no_software(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("status", 2, status=503)) as (session, _):
            url = session.endpoints["license"]
            heard = [
                await ask(url),
                await ask(url),
                await ask(url, b"{"),
                await ask(url + "/nothing"),
                await ask(url, b"", method="OPTIONS"),
                await ask(url, b"", method="GET"),
            ]
            async with connected(url) as peer:
                peer.writer.write(b"this is not HTTP\r\n\r\n")
                heard.append(await peer.rest())
        assert [one.status for one in heard] == [200, 503, 400, 404, 204, 405, 400]
        for one in heard:
            assert one.headers["access-control-allow-origin"] == "*"
            assert one.headers["access-control-expose-headers"] == "Retry-After"
            assert one.headers["date"] == "Thu, 01 Jan 2026 00:00:00 GMT"
            assert "server" not in one.headers

    run(main)


@on_both_networks
def test_a_user_completes_the_page_and_the_store_knows(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(dialect="wmdrm", given=Given(silent=False)) as (session, journal):
            token = session.store.page_for("device-1", ("film",)).token
            page = session.page_url(token)
            form, done = await ask(page, b"", method="GET"), await ask(page, b"", method="POST")
        assert b"<form" in form.body
        assert done.status == 200
        (truth,) = [event for event in journal.of(TruthChanged) if event.what == "page_completed"]
        assert truth.request == 2

    run(main)


@on_both_networks
def test_a_bug_in_a_fault_is_answered_500_and_logged_and_the_service_goes_on(
    run: Run[None], caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with session_with(on_exchange(Broken())) as (session, journal):
            broken, next_one = await ask(session.endpoints["license"]), await ask(session.endpoints["license"])
        assert (broken.status, next_one.status) == (500, 200)
        assert [event.status for event in journal.of(ReplySent)] == [500, 200]

    run(main)
    assert "ZeroDivisionError: a bug" in caplog.text


@on_both_networks
def test_the_next_request_of_a_pipeline_waits_for_the_reply_before_it(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("delay", delay="100 ms")) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.ask(url)
                peer.ask(url)
                replies = [await peer.reply(), await peer.reply()]
        assert [reply.status for reply in replies] == [200, 200]
        assert [event.kind for event in journal.events if isinstance(event, RequestReceived | ReplySent)] == [
            "request_received",
            "reply_sent",
        ] * 2

    run(main)
