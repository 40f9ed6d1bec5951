"""What a client gets to see of each TLS fault: the same exception, with the same cause and numbers, on both networks."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import httpx
import pytest

from fake_servers.engine.session import Session
from fake_servers.faults.script import Rule
from harness.world.virtual_run import run_in_virtual_time
from tests.fake_servers.sessions import BODY, PATIENCE_S, connected, on_exchange, on_service, session_with

Told = list[tuple[Any, ...]]
Ask = Callable[[Session, ssl.SSLContext], Awaitable[int]]

FAULTS = {
    "unknown_ca": on_service("unknown_ca", connection=1),
    "wrong_host": on_service("wrong_host", connection=1),
    "expired_certificate": on_service("expired_certificate", connection=1),
    "handshake_cut": on_service("handshake_cut", connection=1),
    "reset_on_accept": on_service("reset_on_accept", connection=1),
    "reset_in_head": on_exchange("reset_after", after_bytes="9 bytes"),
    "reset_in_body": on_exchange("reset_after", after_bytes="200 bytes"),
    "fin_before_first_byte": on_exchange("fin_after", after_bytes="0 bytes"),
    "fin_in_body": on_exchange("fin_after", after_bytes="200 bytes"),
    "truncate": on_exchange("truncate", drop="20 bytes"),
    "refused_by_a_status": on_exchange("status", status=403),
}


async def over_aiohttp(session: Session, context: ssl.SSLContext) -> int:
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
        client.post(session.endpoints["license"], data=BODY, ssl=context) as response,
    ):
        await response.read()
        return response.status


async def over_httpx(session: Session, context: ssl.SSLContext) -> int:
    async with httpx.AsyncClient(verify=context, trust_env=False) as client:
        return (await client.post(session.endpoints["license"], content=BODY)).status_code


async def over_streams(session: Session, context: ssl.SSLContext) -> int:
    async with connected(session.endpoints["license"], context) as peer:
        peer.ask(session.endpoints["license"])
        return (await peer.reply()).status


def chain(error: BaseException | None) -> Told:
    """Each exception down to its first cause, by what a program can tell apart."""
    told: Told = []
    while error is not None:
        numbers = tuple(getattr(error, name, None) for name in ("errno", "verify_code", "reason"))
        told.append((type(error).__name__, *(number if isinstance(number, int | str) else None for number in numbers)))
        error = error.__cause__  # what merely went on at the time may depend on it
    return told


def told_by(rule: Rule, ask: Ask) -> Callable[[], Awaitable[Told]]:
    async def main() -> Told:
        async with session_with(rule, tls=True) as (session, _):
            assert session.ca_pem is not None
            context = ssl.create_default_context(cadata=session.ca_pem.decode())
            try:
                async with asyncio.timeout(PATIENCE_S):
                    return [("status", await ask(session, context))]
            except (aiohttp.ClientError, httpx.HTTPError, OSError, EOFError) as error:
                return chain(error)

    return main


@pytest.mark.parametrize("ask", [over_aiohttp, over_httpx, over_streams])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_over_tls_looks_the_same_on_both_networks(fault: str, ask: Ask) -> None:
    main: Any = told_by(FAULTS[fault], ask)
    simulated = run_in_virtual_time(main)
    assert simulated
    assert simulated == asyncio.run(main())
