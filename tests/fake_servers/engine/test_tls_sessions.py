"""Sessions over TLS: what a client meets, and what the journal says of it."""

from __future__ import annotations

import asyncio
import socket
import ssl

import pytest

from fake_servers.engine.session import Session
from fake_servers.errors import ScriptError
from fake_servers.faults.script import Fate
from fake_servers.journal import ConnectionClosed, ConnectionOpened, FaultFired, HandshakeFailed, ReplySent, RequestReceived
from tests.fake_servers.sessions import (
    PATIENCE_S,
    Run,
    connected,
    on_both_networks,
    on_exchange,
    on_service,
    session_with,
    until,
)


def trusting(session: Session) -> ssl.SSLContext:
    """A client's context that trusts the session's authority and nobody else."""
    assert session.ca_pem is not None
    return ssl.create_default_context(cadata=session.ca_pem.decode())


@on_both_networks
def test_requests_over_tls_are_answered_and_kept_alive(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("delay", 2, delay="50 ms"), tls=True) as (session, journal):
            url = session.endpoints["license"]
            assert url.startswith("https://")
            async with connected(url, trusting(session)) as peer:
                for _ in range(3):
                    peer.ask(url)
                    assert (await peer.reply()).status == 200
            await until(lambda: session.open_connections == 0)
        assert journal.of(ConnectionOpened)[0].tls
        assert journal.of(ReplySent)[1].hold_s >= 0.05
        (closed,) = journal.of(ConnectionClosed)
        assert (closed.by, closed.how, closed.open_request) == ("client", "fin", None)

    run(main)


@on_both_networks
@pytest.mark.parametrize("fault", ["fin_after", "reset_after"])
def test_offsets_count_bytes_in_the_clear(run: Run[None], fault: str) -> None:
    async def main() -> None:
        async with session_with(on_exchange(fault, after_bytes="33 bytes"), tls=True) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url, trusting(session)) as peer:
                peer.ask(url)
                assert await peer.reader.readexactly(33)
                # A TLS stream that ends without a close_notify is an end or an error, as the client's library sees it.
                with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError, ssl.SSLError)):
                    await peer.reader.readexactly(1)
            await until(lambda: session.open_connections == 0)
        (closed,) = journal.of(ConnectionClosed)
        assert (closed.by, closed.how, closed.open_request) == ("server", fault.removesuffix("_after"), 1)

    run(main)


@on_both_networks
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("unknown_ca", "unable to get local issuer certificate"),
        ("wrong_host", "IP address mismatch"),
        ("expired_certificate", "certificate has expired"),
    ],
)
def test_a_client_that_checks_names_what_is_wrong_with_the_certificate(run: Run[None], fault: str, reason: str) -> None:
    async def main() -> None:
        async with session_with(on_service(fault, connection=1), tls=True) as (session, journal):
            url = session.endpoints["license"]
            with pytest.raises(ssl.SSLCertVerificationError, match=reason):
                async with connected(url, trusting(session)):
                    pass
            await until(lambda: session.open_connections == 0)
            async with connected(url, trusting(session)) as peer:
                peer.ask(url)
                assert (await peer.reply()).status == 200
        assert [event.name for event in journal.of(FaultFired)] == [fault]
        (failed,) = journal.of(HandshakeFailed)
        assert failed.connection == 1
        assert failed.detail == "the client left during the handshake", "asyncio's clients send no alert"
        assert journal.of(ConnectionClosed)[0].by == "client"
        assert journal.kinds[:4] == ["connection_opened", "fault_fired", "handshake_failed", "connection_closed"]

    run(main)


def test_the_alert_by_which_a_client_refuses_is_told_in_openssls_words() -> None:
    async def main() -> None:
        async with session_with(on_service("unknown_ca", connection=1), tls=True) as (session, journal):

            def knock() -> None:
                with socket.create_connection(("127.0.0.1", session.ports["license"])) as sock:
                    trusting(session).wrap_socket(sock, server_hostname="127.0.0.1")

            with pytest.raises(ssl.SSLCertVerificationError):
                await asyncio.to_thread(knock)
            await until(lambda: session.open_connections == 0)
        (failed,), (closed,) = journal.of(HandshakeFailed), journal.of(ConnectionClosed)
        assert failed.detail == "tlsv1 alert unknown ca"
        assert closed.by == "client"

    asyncio.run(main())


@on_both_networks
def test_a_client_that_checks_nothing_is_served_and_the_fault_has_fired(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_service("unknown_ca", connection=1), tls=True) as (session, journal):
            careless = ssl.create_default_context()
            careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
            url = session.endpoints["license"]
            async with connected(url, careless) as peer:
                peer.ask(url)
                assert (await peer.reply()).status == 200
        assert session.script.fates() == [Fate.FIRED]
        assert journal.of(HandshakeFailed) == []
        assert len(journal.of(RequestReceived)) == 1

    run(main)


@on_both_networks
def test_a_cut_handshake_is_a_reset_after_the_clients_first_words(run: Run[None]) -> None:
    async def main() -> None:
        rules = (on_service("handshake_cut", connection=1), on_service("handshake_cut", connection=2))
        async with session_with(*rules, tls=True) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url):
                await until(lambda: session.open_connections == 1)
            with pytest.raises(ConnectionResetError):
                async with asyncio.timeout(PATIENCE_S), connected(url, trusting(session)):
                    pass
            await until(lambda: session.open_connections == 0)
        assert session.script.fates() == [Fate.UNFIRED, Fate.FIRED], "the first client never began to speak"
        (cut,) = [event for event in journal.of(HandshakeFailed) if event.connection == 2]
        assert "as scripted" in cut.detail
        assert (journal.of(ConnectionClosed)[1].by, journal.of(ConnectionClosed)[1].how) == ("server", "reset")

    run(main)


@on_both_networks
def test_a_client_without_tls_is_told_from_one_that_refuses(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(tls=True) as (session, journal):
            async with connected(session.endpoints["license"]) as peer:
                peer.ask(session.endpoints["license"])
                await peer.rest()
            await until(lambda: session.open_connections == 0)
        (failed,), (closed,) = journal.of(HandshakeFailed), journal.of(ConnectionClosed)
        assert "http request" in failed.detail
        assert closed.by == "server"

    run(main)


@on_both_networks
def test_a_session_that_closes_during_a_handshake_says_that_it_did(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(tls=True) as (session, journal), connected(session.endpoints["license"]):
            await until(lambda: session.open_connections == 1)
            await session.close()
        (failed,) = journal.of(HandshakeFailed)
        assert failed.detail == "the server closed the connection"

    run(main)


@on_both_networks
def test_tls_faults_need_a_session_with_tls(run: Run[None]) -> None:
    async def main() -> None:
        with pytest.raises(ScriptError, match=r"fault 1 of the script: 'unknown_ca' acts in the TLS handshake"):
            async with session_with(on_service("unknown_ca", connection=1)):
                pass

    run(main)


def test_a_reset_by_the_client_is_told_as_its_own() -> None:
    async def main() -> None:
        async with session_with(on_exchange("delay", delay="1 h")) as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.ask(url)
                await until(lambda: bool(journal.of(FaultFired)))
                sock: socket.socket = peer.writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                peer.writer.transport.abort()
            await until(lambda: session.open_connections == 0)
        (closed,) = journal.of(ConnectionClosed)
        assert (closed.by, closed.how, closed.open_request) == ("client", "reset", 1)

    asyncio.run(main())
