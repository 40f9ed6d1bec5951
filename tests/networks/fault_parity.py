"""What the client programs get from each fault, on both networks."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

from fake_servers.dialects import DIALECTS
from fake_servers.faults.base import BOTH_NETWORKS, FAULTS, Fault, Layer, ServiceFault, TlsFault
from fake_servers.faults.early import shuts_the_port
from fake_servers.faults.script import Rule, When
from fake_servers.faults.visible import is_visible
from fake_servers.given import Given
from fake_servers.services.decision import Exchange
from harness.world.bindings import bind_to_world
from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time
from tests.fake_servers.faults.examples import EXAMPLES, HOUSE, usual_exchange
from tests.fake_servers.proofs.tls_client import trusting
from tests.fake_servers.sessions import BODY, StoppedClock, session_with
from tests.networks.client_programs import PROGRAMS, Got, Request
from tests.networks.equality import LATE_S

# fmt: off
WITHIN_THE_BODY: dict[str, tuple[dict[str, Any], ...]] = {
    "fin_after":   ({"after_bytes": "250 bytes"},),
    "reset_after": ({"after_bytes": "250 bytes"},),
    "stall_after": ({"after_bytes": "250 bytes", "stall": "2 min"},),
    "reply_lost":  ({"how": "fin"},),
}
"""More than a page of examples needs: the reply's head arrives whole and its body does not; a FIN before the first byte."""
# fmt: on

EARLY_S = 0.25
"""A request may be so much quicker on real sockets: eight megabytes wait 122 times for a simulated window of 64 KB to open."""
QUICK_S = 0.5
QUICK_AT_ONCE, WAITING_AT_ONCE = 3, 24
"""Cases on real sockets at a time. Those that do not wait work, and would make each other late."""
TLS_IS_SIMULATED = TlsFault.reach == BOTH_NETWORKS

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": '"the-same-each-time"'}
CLIENT = "<CLIENTINFO><CLIENTID>device-1</CLIENTID><SECURITYVERSION>2.2</SECURITYVERSION></CLIENTINFO>"

# fmt: off
BY_WMDRM = {
    "individualization": f"<INDIVIDUALIZATIONREQUEST>{CLIENT}</INDIVIDUALIZATIONREQUEST>",
    "license":           f"<LICENSEREQUEST>{CLIENT}<CONTENT>film</CONTENT></LICENSEREQUEST>",
    "revocation":        f"<REVOCATIONCHALLENGE>{CLIENT}</REVOCATIONCHALLENGE>",
    "restore":           f"<RESTOREREQUEST>{CLIENT}<COMPUTER>computer-4</COMPUTER></RESTOREREQUEST>",
}
# fmt: on
"""Requests for what Clear Key does not carry, or has no word for. A license is asked for without a nonce, as the public format
has it, so that the same request can be made twice."""
GIVEN = Given(licenses=("film", "trailer"), backup=("film",), computer="computer-4", restored_to=("computer-1",))


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One example of a fault, met by one program, over HTTP or HTTPS."""

    fault: str
    parameters: str
    program: str
    tls: bool
    rule: Rule

    @property
    def name(self) -> str:
        """For people."""
        words = (self.fault, self.parameters, "over TLS" if self.tls else "", "with", self.program)
        return " ".join(word for word in words if word)

    @property
    def dialect(self) -> str:
        """Clear Key, unless it has no such exchange, or no word for the fault."""
        exchange, fault, clearkey = self.rule.when.exchange or Exchange.LICENSE, self.rule.fault, DIALECTS["clearkey"]
        has_words = not isinstance(fault, ServiceFault) or is_visible(fault, exchange, clearkey)
        return "clearkey" if exchange in clearkey.exchanges and has_words else "wmdrm"


@dataclass(frozen=True, slots=True)
class Met:
    """What came of a case on each network: of the request that the fault met, and of the one after it."""

    case: Case
    simulated: tuple[Got, Got]
    loopback: tuple[Got, Got]

    def differences(self) -> Iterator[str]:
        """What differs: status, bytes, exceptions or the time it took, of the request that met the fault or of the next one."""
        for which, here, there in zip(("the request", "the next one"), self.simulated, self.loopback, strict=True):
            if here != there:
                bytes_too = "" if here.body == there.body else ", of other bytes"
                yield f"{which}: {here} simulated, {there} on loopback{bytes_too}"
            elif not -EARLY_S <= there.seconds - here.seconds <= LATE_S:
                yield f"{which}: after {here.seconds:.3f} s simulated, after {there.seconds:.3f} s on loopback"


def cases() -> Iterator[Case]:
    """Every example of every fault that both networks can have."""
    for name, examples in EXAMPLES.items():
        if HOUSE[name].reach == BOTH_NETWORKS:
            for parameters in (*examples, *WITHIN_THE_BODY.get(name, ())):
                for tls in _transports(HOUSE[name]):
                    for program in PROGRAMS:
                        yield Case(name, _text(parameters), program, tls, _rule(FAULTS[name].model_validate(parameters)))


def _transports(fault: type[Fault]) -> tuple[bool, ...]:
    if fault.needs_tls:
        return (True,)
    return (False, True) if TLS_IS_SIMULATED else (False,)


def _text(parameters: dict[str, Any]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in parameters.items())


def _rule(fault: Fault) -> Rule:
    when: dict[str, Any] = {"exchange": usual_exchange(type(fault)), "nth": 1}
    if fault.layer in (Layer.CONNECT, Layer.TLS):
        when = {"service": "license", "connection": 1}
    if shuts_the_port(fault):
        when = {"service": "license", "from": "0 s", "for": "1 min" if fault.name != "slow_connect" else "500 ms"}
    return Rule(when=When.model_validate(when), fault=fault)


def meet_all() -> list[Met]:
    """Every case on both networks; the simulated ones first, since they bind clocks that real time must not see bound."""
    chosen = list(cases())
    simulated = {case: in_virtual_time(case) for case in chosen}
    quick = [case for case in chosen if max(got.seconds for got in simulated[case]) < QUICK_S]
    waiting = [case for case in chosen if case not in quick]
    loopback = asyncio.run(_in_real_time(quick, QUICK_AT_ONCE)) | asyncio.run(_in_real_time(waiting, WAITING_AT_ONCE))
    return [Met(case, simulated[case], loopback[case]) for case in chosen]


def in_virtual_time(case: Case) -> tuple[Got, Got]:
    """What the case's program gets on the simulated network, of its request and of the next one."""

    async def main() -> tuple[Got, Got]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        with bind_to_world(loop, StoppedClock().epoch_s(), Random(7)):
            return await _meet(case)

    return run_in_virtual_time(main)


async def _in_real_time(chosen: list[Case], at_once: int) -> dict[Case, tuple[Got, Got]]:
    turns = asyncio.Semaphore(at_once)

    async def in_turn(case: Case) -> tuple[Got, Got]:
        async with turns:
            return await _meet(case)

    return dict(zip(chosen, await asyncio.gather(*map(in_turn, chosen)), strict=True))


async def _meet(case: Case) -> tuple[Got, Got]:
    async with served(case) as request:
        return await PROGRAMS[case.program](request)


@asynccontextmanager
async def served(case: Case) -> AsyncIterator[Request]:
    """The fault in place on the network of the running loop, and the request that meets it."""
    exchange, dialect = case.rule.when.exchange or Exchange.LICENSE, case.dialect
    async with session_with(case.rule, dialect=dialect, given=GIVEN, tls=case.tls) as (session, _):
        ca_pem = session.ca_pem.decode() if session.ca_pem else ""
        yield Request(
            url=session.endpoints[exchange],
            body=BODY if dialect == "clearkey" else _form(BY_WMDRM[exchange]),
            headers={"Content-Type": "application/json"} if dialect == "clearkey" else FORM,
            ca_pem=ca_pem,
            trust=trusting(ca_pem) if ca_pem else None,
        )


def _form(xml: str) -> bytes:
    return urlencode({"nonsilent": "0", "challenge": base64.b64encode(xml.encode()).decode()}).encode()
