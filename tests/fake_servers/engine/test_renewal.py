"""A session that begins anew at its addresses: another script, another truth, every number from 1."""

from __future__ import annotations

import asyncio

import pytest

from fake_servers.engine.session import Session
from fake_servers.errors import ListenError
from fake_servers.faults.script import FaultScript, Rule
from fake_servers.given import Given
from fake_servers.journal import ConnectionClosed, ConnectionOpened, ReplySent, RequestReceived
from tests.fake_servers.sessions import Journal, Run, ask, connected, on_both_networks, on_exchange, on_service, session_with


async def anew(session: Session, *rules: Rule, given: Given | None = None) -> Journal:
    journal = Journal()
    await session.begin_anew(FaultScript(rules), given or Given(), journal)
    return journal


@on_both_networks
def test_numbers_truth_and_faults_begin_again_at_the_same_address(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("status", status=500)) as (session, _):
            url = session.endpoints["license"]
            assert [(await ask(url)).status for _ in range(2)] == [500, 200]
            assert session.store.truth()["devices"]
            journal = await anew(session, on_exchange("status", status=503))
            assert session.store.truth()["devices"] == {}
            assert [(await ask(url)).status for _ in range(2)] == [503, 200]
            assert [received.nth for received in journal.of(RequestReceived)] == [1, 2]
            assert [opened.connection for opened in journal.of(ConnectionOpened)] == [1, 2]

    run(main)


@on_both_networks
def test_what_is_under_way_is_given_up_and_stands_in_the_old_journal(run: Run[None]) -> None:
    async def main() -> None:
        stalled = on_exchange("stall_after", after_bytes="5 bytes", stall="1 h")
        async with session_with(stalled) as (session, old), connected(session.endpoints["license"]) as peer:
            peer.ask(session.endpoints["license"])
            await peer.reader.readexactly(5)
            new = await anew(session)
            assert (await peer.rest()).ending in ("fin", "reset")
            assert [(closed.connection, closed.open_request) for closed in old.of(ConnectionClosed)] == [(1, 1)]
            assert [reply.complete for reply in old.of(ReplySent)] == [False]
            assert new.events == []

    run(main)


@on_both_networks
def test_a_port_that_refused_takes_connections_again(run: Run[None]) -> None:
    async def main() -> None:
        refused = on_service("refused", **{"from": "0 s", "for": "1 h"})
        async with session_with(refused) as (session, _):
            url = session.endpoints["license"]
            with pytest.raises(ConnectionRefusedError):
                await ask(url)
            await anew(session)
            assert (await ask(url)).status == 200
            await anew(session, refused)  # and its windows count from the new beginning
            with pytest.raises(ConnectionRefusedError):
                await ask(url)

    run(main)


def test_a_certificate_that_is_not_to_be_had_changes_nothing() -> None:
    class Poor:
        ca_pem = b""

        def context(self, plan: object, host: str) -> None:
            raise ListenError("no such certificate")

    async def main() -> None:
        async with session_with(on_exchange("status", status=500), tls=True) as (session, journal):
            session.authority = Poor()  # type: ignore[assignment]  # as far as it is used here
            before = session.store, session.script, session.ledger
            with pytest.raises(ListenError):
                await anew(session, on_service("expired_certificate", connection=1))
            assert (session.store, session.script, session.ledger) == before
            assert journal.events == []

    asyncio.run(main())
