"""One port for many sessions: each request finds its own, and no client ever meets another's faults."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from fake_servers.engine.host import FakeServices
from fake_servers.engine.limits import Limits
from fake_servers.engine.session import Session
from fake_servers.engine.tls import process_authority
from fake_servers.errors import ListenError, ScriptError
from fake_servers.faults.script import FaultScript, Rule
from fake_servers.given import Given
from fake_servers.journal import ConnectionClosed, ConnectionOpened, ReplySent, RequestReceived
from tests.fake_servers.sessions import (
    BODY,
    Journal,
    Run,
    ask,
    connected,
    on_both_networks,
    on_exchange,
    on_service,
    services,
    until,
)

Way = Callable[[str, str], tuple[str, dict[str, str]]]

# fmt: off
WAYS: dict[str, Way] = {
    "header": lambda origin, name: (f"{origin}/license", {"X_Session": name}),
    "path":   lambda origin, name: (f"{origin}/s/{name}/license", {}),
    "query":  lambda origin, name: (f"{origin}/license?session={name}", {}),
}
# fmt: on


async def opened(host: FakeServices, name: str, *rules: Rule, shared: bool = True) -> tuple[Session, Journal]:
    journal = Journal()
    session = await host.open_session(
        dialect="clearkey", script=FaultScript(rules), given=Given(), journal=journal, name=name, shared=shared
    )
    session.begin()
    return session, journal


@asynccontextmanager
async def shared_port(limits: Limits | None = None) -> AsyncIterator[tuple[FakeServices, str]]:
    async with services(limits) as host:
        yield host, str((await host.listen_shared())["url"])


@on_both_networks
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_sessions_on_one_port_never_mix(run: Run[None], way: Way) -> None:
    async def main() -> None:
        async with shared_port() as (host, origin):
            broken, broken_journal = await opened(host, "broken", on_exchange("status", nth=None, status=500))
            whole, whole_journal = await opened(host, "whole")

            async def client(name: str) -> list[int]:
                url, headers = way(origin, name)
                return [(await ask(url, BODY, **headers)).status for _ in range(5)]

            asked = ["broken", "whole", "whole", "broken"]
            answers = await asyncio.gather(*map(client, asked))
            await until(lambda: broken.open_connections == whole.open_connections == 0)
        assert answers == [[500] * 5, [200] * 5, [200] * 5, [500] * 5]
        for journal in (broken_journal, whole_journal):
            assert sorted(event.nth for event in journal.of(RequestReceived)) == list(range(1, 11))
            assert sorted(event.connection for event in journal.of(ConnectionOpened)) == list(range(1, 11))
            assert len(journal.of(ConnectionClosed)) == 10
            assert {event.path for event in journal.of(RequestReceived)} == {"/license"}

    run(main)


@on_both_networks
def test_the_endpoints_of_a_shared_session_lead_to_it(run: Run[None]) -> None:
    async def main() -> None:
        async with shared_port() as (host, origin):
            session, journal = await opened(host, "one")
            assert session.endpoints["license"] == f"{origin}/s/one/license"
            assert session.ports == {}
            assert (await ask(session.endpoints["license"])).status == 200
            assert (await ask(session.endpoints["release"])).status != 404
        assert [event.service for event in journal.of(ConnectionOpened)] == ["license", "revocation"]

    run(main)


@on_both_networks
def test_one_connection_may_serve_several_sessions_and_each_tells_its_part(run: Run[None]) -> None:
    async def main() -> None:
        async with shared_port() as (host, _):
            one, one_journal = await opened(host, "one")
            two, two_journal = await opened(host, "two", on_exchange("reset_after", after_bytes="9 bytes"))
            async with connected(one.endpoints["license"]) as peer:
                peer.ask(one.endpoints["license"])
                assert (await peer.reply()).status == 200
                peer.ask(two.endpoints["license"])
                assert (await peer.rest()).ending == "reset"
            await until(lambda: one.open_connections == two.open_connections == 0)
        assert one_journal.of(ConnectionClosed)[0].open_request is None
        assert two_journal.of(ConnectionClosed)[0].open_request == 1

    run(main)


@on_both_networks
def test_closing_one_session_leaves_a_connection_to_the_other_open(run: Run[None]) -> None:
    async def main() -> None:
        async with shared_port() as (host, _):
            one, one_journal = await opened(host, "one")
            two, _ = await opened(host, "two")
            async with connected(one.endpoints["license"]) as peer:
                for session in (one, two):
                    peer.ask(session.endpoints["license"])
                    await peer.reply()
                await host.close_session(one)
                assert len(one_journal.of(ConnectionClosed)) == 1
                peer.ask(two.endpoints["license"])
                assert (await peer.reply()).status == 200
                peer.ask(one.endpoints["license"])
                assert (await peer.reply()).status == 404

    run(main)


@on_both_networks
def test_a_request_for_nobody_is_told_how_to_name_a_session(run: Run[None]) -> None:
    async def main() -> None:
        async with shared_port() as (host, origin):
            await opened(host, "one")
            nameless = await ask(f"{origin}/license")
            stranger = await ask(f"{origin}/s/two/license")
            async with connected(origin) as peer:
                peer.writer.write(b"no HTTP at all\r\n\r\n")
                rude = await peer.rest()
            _, journal = await opened(host, "default")
            by_default = await ask(f"{origin}/license")
        assert (nameless.status, stranger.status, rude.status, by_default.status) == (404, 404, 400, 200)
        assert b"X-Session" in nameless.body
        assert b"'two'" in stranger.body
        assert len(journal.of(ReplySent)) == 1

    run(main)


@on_both_networks
@pytest.mark.parametrize("fault", ["refused", "accept_silence", "unknown_ca"])
def test_faults_before_the_first_byte_are_refused_on_a_shared_port(run: Run[None], fault: str) -> None:
    async def main() -> None:
        async with shared_port() as (host, _):
            with pytest.raises(ScriptError, match=rf"fault 2 of the script: '{fault}' acts before a request is read"):
                await opened(host, "one", on_exchange("status", status=500), on_service(fault, **{"from": "0 s", "for": "1 s"}))
            await opened(host, "one")  # the name is free

    run(main)


@on_both_networks
def test_there_are_no_more_connections_than_the_limits_allow(run: Run[None]) -> None:
    async def main() -> None:
        async with shared_port(Limits(connections=1, shared_connections=2)) as (host, _):
            one, journal = await opened(host, "one")
            url = one.endpoints["license"]
            async with connected(url) as first, connected(url) as second:
                first.ask(url)
                assert (await first.reply()).status == 200
                async with connected(url) as third:
                    assert (await third.rest()).data == b""
                second.ask(url)
                assert (await second.rest()).data == b"", "the session has its one connection"
        assert len(journal.of(RequestReceived)) == 1

    run(main)


def test_the_shared_port_can_speak_tls() -> None:
    async def main() -> None:
        async with services() as host:
            await host.listen_shared(tls=True)
            session, _ = await opened(host, "one")
            assert session.ca_pem == process_authority().ca_pem
            url = session.endpoints["license"]
            async with connected(url, ssl.create_default_context(cadata=session.ca_pem.decode())) as peer:
                peer.ask(url)
                assert (await peer.reply()).status == 200

    asyncio.run(main())


@on_both_networks
def test_mistakes_with_sessions_are_named(run: Run[None]) -> None:
    async def main() -> None:
        async with services() as host:
            with pytest.raises(ListenError, match=r"call listen_shared\(\) before"):
                await opened(host, "one")
            await host.listen_shared()
            with pytest.raises(ListenError, match="open already"):
                await host.listen_shared()
            await opened(host, "one")
            with pytest.raises(ListenError, match="a session named 'one' is open already"):
                await opened(host, "one", shared=False)
            with pytest.raises(ListenError, match="cannot name a session"):
                await opened(host, "a/b")
            with pytest.raises(ScriptError, match="'clearkey' has no exchange 'backup', only license, release"):
                await opened(host, "two", on_exchange("status", exchange="backup", status=500))

    run(main)
