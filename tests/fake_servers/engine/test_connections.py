"""Connections on either network: connect faults, windows of time, limits, and the end of a session."""

from __future__ import annotations

import asyncio

import pytest

from fake_servers.engine.limits import Limits
from fake_servers.faults.script import Fate
from fake_servers.journal import ConnectionClosed, ConnectionOpened, FaultFired, ListenerChanged, ReplySent, RequestReceived
from tests.fake_servers.sessions import Run, ask, connected, on_both_networks, on_exchange, on_service, session_with, until


@on_both_networks
def test_the_connection_before_a_scripted_one_is_not_kept(run: Run[None]) -> None:
    async def main() -> None:
        rule = on_service("reset_on_accept", connection=2)
        async with session_with(rule) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.ask(url)
                first = await peer.rest()  # ends by itself
            async with connected(url) as peer:
                second = await peer.rest()
            async with connected(url) as peer:
                peer.ask(url)
                third = await peer.reply()
        assert (first.status, first.headers["connection"], first.ending) == (200, "close", "fin")
        assert (second.data, second.ending) == (b"", "reset")
        assert third.headers["connection"] == "keep-alive"
        assert [(event.connection, event.fault) for event in journal.of(FaultFired)] == [(2, 0)]
        assert [(event.by, event.how) for event in journal.of(ConnectionClosed)][:2] == [("server", "fin"), ("server", "reset")]

    run(main)


@on_both_networks
def test_connections_are_counted_by_service_in_rules_and_by_session_in_the_journal(run: Run[None]) -> None:
    async def main() -> None:
        rule = on_service("reset_on_accept", service="revocation", connection=1)
        async with session_with(rule) as (session, journal):
            kept = await ask(session.endpoints["license"])
            async with connected(session.endpoints["release"]) as peer:
                cut = await peer.rest()
        assert (kept.status, cut.ending) == (200, "reset")
        assert [(event.connection, event.service) for event in journal.of(ConnectionOpened)] == [
            (1, "license"),
            (2, "revocation"),
        ]

    run(main)


@on_both_networks
def test_silence_after_accept_fires_only_when_a_word_goes_unheard(run: Run[None]) -> None:
    async def main() -> None:
        rules = (on_service("accept_silence", connection=1), on_service("accept_silence", connection=2))
        async with session_with(*rules) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url):
                await until(lambda: session.open_connections == 1)
            await until(lambda: session.open_connections == 0)
            async with connected(url) as peer:
                peer.ask(url)
                await until(lambda: bool(journal.of(FaultFired)))
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await peer.reader.read(1)
        assert session.script.fates() == [Fate.UNFIRED, Fate.FIRED]
        assert journal.of(RequestReceived) == []

    run(main)


@on_both_networks
def test_a_port_that_refuses_answers_again_on_the_same_number(run: Run[None]) -> None:
    async def main() -> None:
        rule = on_service("refused", **{"from": "0 s", "for": "300 ms"})
        async with session_with(rule) as (session, journal):
            url = session.endpoints["license"]
            with pytest.raises(ConnectionRefusedError):
                await ask(url)
            assert session.script.fates() == [Fate.UNFIRED], "only the client can say whether it was refused"
            await until(lambda: len(journal.of(ListenerChanged)) == 2)
            assert (await ask(url)).status == 200
        assert [(event.service, event.listening) for event in journal.of(ListenerChanged)] == [
            ("license", False),
            ("license", True),
        ]

    run(main)


@on_both_networks
def test_windows_of_refusal_that_overlap_are_one(run: Run[None]) -> None:
    async def main() -> None:
        rules = (
            on_service("refused", **{"from": "50 ms", "for": "200 ms"}),
            on_service("refused", **{"from": "150 ms", "for": "300 ms"}),
        )
        async with session_with(*rules) as (session, journal):
            loop = asyncio.get_running_loop()
            began = loop.time()
            await until(lambda: len(journal.of(ListenerChanged)) == 2)
            assert loop.time() - began >= 0.449
            assert (await ask(session.endpoints["license"])).status == 200
        assert len(journal.of(ListenerChanged)) == 2

    run(main)


@on_both_networks
def test_an_idle_connection_does_not_dodge_a_window(run: Run[None]) -> None:
    async def main() -> None:
        rule = on_service("accept_silence", **{"from": "100 ms", "for": "10 s"})
        async with session_with(rule) as (session, journal), connected(session.endpoints["license"]) as peer:
            heard = await peer.rest()  # it never asked; the window ends it
        assert (heard.data, heard.ending) == (b"", "fin")
        (closed,) = journal.of(ConnectionClosed)
        assert (closed.by, closed.how) == ("server", "fin")

    run(main)


@on_both_networks
def test_windows_begin_with_the_session_and_not_before(run: Run[None]) -> None:
    async def main() -> None:
        rule = on_service("reset_on_accept", **{"from": "0 s", "for": "1 min"})
        async with session_with(rule, begin=False) as (session, _):
            assert (await ask(session.endpoints["license"])).status == 200
            session.begin()
            async with connected(session.endpoints["license"]) as peer:
                assert (await peer.rest()).ending == "reset"
            with pytest.raises(RuntimeError, match="began already"):
                session.begin()

    run(main)


@on_both_networks
def test_a_connection_too_many_is_closed_at_once_and_the_others_live(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(limits=Limits(connections=2)) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as first, connected(url):
                await until(lambda: session.open_connections == 2)
                async with connected(url) as third:
                    assert (await third.rest()).data == b""
                first.ask(url)
                assert (await first.reply()).status == 200
        assert journal.of(ConnectionClosed)[0].connection == 3

    run(main)


@on_both_networks
def test_an_idle_connection_is_closed_after_the_keep_alive_time(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(limits=Limits(keep_alive_s=0.2)) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.ask(url)
                await peer.reply()
                assert (await peer.rest()).ending == "fin"
        (closed,) = journal.of(ConnectionClosed)
        assert (closed.by, closed.how, closed.open_request) == ("server", "fin", None)

    run(main)


@on_both_networks
def test_closing_gives_up_what_is_held_and_tells_of_every_connection(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("delay", delay="1 h")) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as held, connected(url) as idle:
                held.ask(url)
                await until(lambda: bool(journal.of(FaultFired)) and session.open_connections == 2)
                await session.close()
                assert session.open_connections == 0
                assert (await held.rest()).data == (await idle.rest()).data == b""
                told = len(journal.events)
                await session.close()
                with pytest.raises(ConnectionRefusedError):
                    await ask(url)
        assert len(journal.events) == told, "closing again does and tells nothing"
        assert [(event.by, event.open_request) for event in journal.of(ConnectionClosed)] == [("server", 1), ("server", None)]
        assert journal.of(ReplySent)[0].complete is False

    run(main)
