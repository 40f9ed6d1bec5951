"""Makes ``docs/fidelity.md``."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path

from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST
from tests.fidelity.clients import CLIENTS
from tests.fidelity.ours import Measured, measured, on_loopback, plain_cases
from tests.fidelity.peers import ASKED, Asked
from tests.fidelity.servers import SERVERS, PeerError, install, version_of
from tests.fidelity.signature import seen_by_socket
from tests.generate.page import page, table
from tests.networks.client_programs import TIME_LIMIT_S, Request
from tests.networks.fault_parity import Case

TARGET = Path(__file__).resolve().parents[2] / "docs" / "fidelity.md"

INTRODUCTION = f"""\
# Fidelity: what a fault looks like from the other end

<!-- Made by `python -m tests.fidelity`; do not edit. -->

A reset that arrives as an orderly close tests something else than was asked for: clients take other ways for the two. So here
is what each fault looks like from a plain socket on loopback and in the simulation, and what three clients make of it; and the
same for other tools that make servers fail, through the same reader.

*FIN* is the end of the stream, *RST* is ECONNRESET, *silence* is an open connection without a byte for {TIME_LIMIT_S:g} s,
which is every client's limit, too. Bytes count from the first one of the reply, its head included. *Whole* is a reply that is
complete in the judgement of h11. aiohttp and httpx are shown by their outermost exception (what is behind it stands in
[parity.md](parity.md)), curl by its exit status and by bytes that are not unpacked. The socket asks for
`Connection: close`, so that an honest reply ends with a FIN.\
"""

OURS = """\
## The faults of drm-harness

A test holds each row: what is seen on a real socket is compared with what was written by hand (tests/fidelity/promised.py) and
with the simulation. `certificate_changed` shows its other certificate to the second connection only.\
"""

PEERS = """\
## Other tools

Each is unmodified, at the version given, and asked by the means of its own documentation, on a connection that may be kept. *As
called* compares what came with the name of the means, and with nothing else: a tool may have good reasons for what it does, and
be better at what is not asked here. pytest-httpserver has no faults of its own; shown is what its users have.\
"""

NOT_HAD = "Could not be measured where this page was made: {}."


@dataclass(slots=True)
class Peers:
    """What was measured of them, and which could not be had."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)


def fidelity_page() -> str:
    """The whole page; a minute."""
    peers = peers_measured()
    blocks = [
        INTRODUCTION,
        f"Made on {platform.system()} with Python {platform.python_version()}, {_clients()}.",
        OURS,
        table(("fault", "on a real socket", "simulated", "takes", *CLIENTS), our_rows()),
        PEERS,
        table(("peer", "means", "on a real socket", "as called", *CLIENTS), peers.rows),
    ]
    blocks += [" ".join(["Not as it is called:", *peers.astray])] if peers.astray else []
    blocks += [NOT_HAD.format("; ".join(peers.missing))] if peers.missing else []
    return page(*blocks)


def _clients() -> str:
    try:
        curl = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    except OSError:
        curl = "(none)"
    return f"aiohttp {version('aiohttp')}, httpx {version('httpx')} and curl {curl}"


def row_begins(one: Measured) -> str:
    """What of a row a test can hold on any machine: OpenSSL's words on a certificate are its own."""
    return f"| {_fault(one)} | {one.real}"


def our_rows() -> Iterator[tuple[str, ...]]:
    """A row an example."""
    cases = list(plain_cases())
    by_client = [on_loopback(cases, partial(_look, look)) for look in CLIENTS.values()]
    for one, *said in zip(measured(), *by_client, strict=True):
        seen = f"{one.real}: {one.real.why.partition(',')[0]}" if one.real.why else str(one.real)
        simulated = "the same" if str(one.real) == str(one.simulated) else str(one.simulated)
        yield (_fault(one), seen, simulated, f"{one.real.seconds:.1f} s" if one.real.seconds >= 0.1 else "", *said)


def _look(client: Callable[[Request], str], case: Case, asked: Request) -> str:
    return client(asked)


def _fault(one: Measured) -> str:
    return f"`{one.case.fault}` {one.case.parameters}".strip()


def peers_measured() -> Peers:
    """Each peer in its turn; its faults at once, since most of them wait."""
    found = Peers()
    try:
        install()
    except PeerError as error:
        found.missing.append(str(error))
    for peer, server in SERVERS.items():
        try:
            with server() as url:
                _measure(found, peer, url)
        except (PeerError, OSError, ValueError) as error:
            found.missing.append(f"{peer} ({error})")
    return found


def _measure(found: Peers, peer: str, url: str) -> None:
    asked = [each for each in ASKED if each.peer == peer]
    with ThreadPoolExecutor(len(asked)) as threads:
        for each, (seen, *said) in zip(asked, threads.map(lambda one: _of(one, url), asked), strict=True):
            is_met = each.is_met_by(seen)
            found.rows.append((f"{peer} {version_of(peer)}", each.means, seen, "yes" if is_met else "**no**", *said))
            if not is_met:
                found.astray.append(f"{each.means} of {peer} {version_of(peer)} is in truth: {seen}.")


def _of(asked: Asked, url: str) -> tuple[str, ...]:
    headers = {"Content-Type": "application/json", "Connection": "keep-alive"}
    request = Request(url=url + asked.path, body=CLEARKEY_REQUEST, headers=headers)
    return (str(seen_by_socket(request)), *(look(request) for look in CLIENTS.values()))
