"""Kills a server with SIGKILL at random moments under load, and looks whether its state file knows all that was answered.

    python -m tests.fake_servers.state.killing --times 200 --seed 1

Servers are forked, since starting Python would take most of the time. Each is killed after some answers and some thousandths of
a second more, both drawn from the seed; the next one goes on with its file. ``--file late`` and ``--file halves`` write it
wrongly, which must be found. Prints a line of JSON; the exit status is 1 if anything was lost or half written.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import click

from fake_servers.content_keys import key_id_text
from fake_servers.dialects import DIALECTS
from fake_servers.engine.host import FakeServices
from fake_servers.faults.script import FaultScript
from fake_servers.given import Given
from fake_servers.services.decision import Exchange, ServiceRequest
from fake_servers.state.file import StateFile, Survives
from fake_servers.state.rows import Row
from tests.fake_servers.state.filed import store_in

GIVEN = Given(licenses=("a", "b"), backup=("a", "b"), restore_limit=1_000_000)
KINDS = (Exchange.LICENSE, Exchange.INDIVIDUALIZATION, Exchange.RESTORE)
DEVICES, CLIENTS, MOST_ANSWERS, LONGEST_MORE_S = 20, 4, 8, 0.003
NEW_FILE_AFTER = 20
"""Servers that go on with one file; then there is so much in it that reading takes most of the time."""

PATIENCE_S = 60


class LateFile(StateFile):
    """Writes what was answered a little after the answer."""

    def write(self, session: str, rows: Iterable[Row], forgotten: int) -> None:
        asyncio.get_running_loop().call_later(0.002, partial(super().write, session, list(rows), forgotten))


class HalvesFile(StateFile):
    """Writes each record by itself."""

    def write(self, session: str, rows: Iterable[Row], forgotten: int) -> None:
        for row in rows:
            super().write(session, [row], forgotten)
            time.sleep(0.0005)


FILES = {"right": StateFile, "late": LateFile, "halves": HalvesFile}


@dataclass(slots=True)
class Seen:
    """What came of it.

    Attributes:
        answered: Answers that had left.
        unanswered: Requests that were open at a kill: how many of those took effect all the same, is ``applied``.
        lost: Answers of which a file knows nothing.
        half: Requests of which a file knows a part.
    """

    kills: int = 0
    answered: int = 0
    unanswered: int = 0
    applied: int = 0
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.lost and not self.half


# ── the server ───────────────────────────────────────────────────────────────────────────────────────────────────────


def start_server(path: Path, kind: type[StateFile]) -> tuple[int, str]:
    """Fork one; its process id, and where it listens."""
    reads, writes = os.pipe()
    process = os.fork()
    if process:
        os.close(writes)
        with open(reads) as told:
            return process, told.readline().strip()
    try:
        signal.alarm(PATIENCE_S)  # nobody would end it, should the one who kills it be gone
        os.close(reads)
        asyncio.run(_serve(path, kind, writes))
    finally:
        os._exit(1)


async def _serve(path: Path, kind: type[StateFile], writes: int) -> None:
    with kind(path, survives=Survives.KILL) as file:
        async with FakeServices(rng=Random(0), stores=file) as services:
            await services.listen_shared()
            session = await services.open_session(
                dialect="wmdrm", script=FaultScript(), given=GIVEN, journal=lambda event: None, name="default", shared=True
            )
            session.begin()
            os.write(writes, (session.endpoints["license"].removesuffix("/license") + "\n").encode())
            await asyncio.Event().wait()


# ── the load ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def request_of(number: int) -> ServiceRequest:
    """The request of this number: it changes several records, by which it can be found."""
    return ServiceRequest(
        exchange=KINDS[number % len(KINDS)],
        device=f"device-{number % DEVICES}",
        client_version="2.2",
        contents=(key_id_text("a"), key_id_text("b")),
        licenses=("a", "b"),
        computer=f"computer-{number}",
        nonce=f"{number:032x}",
        idempotency_key=f"key-{number}",
    )


class Client:
    """Asks one thing after the other."""

    def __init__(self, origin: str, numbers: Iterator[int]) -> None:
        self._origin, self._numbers = origin, numbers
        parts = urlsplit(origin)
        assert parts.hostname is not None
        self.socket = socket.create_connection((parts.hostname, parts.port or 0), PATIENCE_S)
        self._heard = b""
        self.ask()

    def ask(self) -> None:
        self.asked = next(self._numbers)
        request = request_of(self.asked)
        http = DIALECTS["wmdrm"].encode_request(request, f"{self._origin}/{request.exchange.value}")
        path = "/backup/restore" if request.exchange is Exchange.RESTORE else f"/{request.exchange.value}"
        parts = urlsplit(self._origin)
        lines = [f"POST {parts.path}{path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(http.body)}"]
        lines += [f"{name}: {value}" for name, value in http.headers.items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + http.body)

    def hears(self) -> bool | None:
        """Whether the answer is whole now; None if there will be none."""
        try:
            data = self.socket.recv(1_000_000)
        except ConnectionResetError:
            return None
        self._heard += data
        head, _, body = self._heard.partition(b"\r\n\r\n")
        if not body or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]):
            return False if data else None
        self._heard = b""
        assert head.startswith(b"HTTP/1.1 200 "), head
        return True


def load_and_kill(process: int, origin: str, numbers: Iterator[int], rng: Random) -> tuple[list[int], list[int]]:
    """Requests that were answered, and those that were not."""
    answers, more_s = rng.randint(0, MOST_ANSWERS), rng.uniform(0, LONGEST_MORE_S)
    answered: list[int] = []
    clients = [Client(origin, numbers) for _ in range(CLIENTS)]
    with selectors.DefaultSelector() as ready:
        for client in clients:
            ready.register(client.socket, selectors.EVENT_READ, client)
        kill_s = None if answers else time.monotonic() + more_s
        while kill_s is None or time.monotonic() < kill_s:
            for key, _ in ready.select(None if kill_s is None else max(0.0, kill_s - time.monotonic())):
                if key.data.hears():
                    answered.append(key.data.asked)
                    key.data.ask()
            if kill_s is None and len(answered) >= answers:
                kill_s = time.monotonic() + more_s
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    for client in clients:  # an answer that had left, left
        while (heard := client.hears()) is False:
            pass
        if heard:
            answered.append(client.asked)
        client.socket.close()
    return answered, [client.asked for client in clients if client.asked not in answered]


# ── what is in the file ──────────────────────────────────────────────────────────────────────────────────────────────


def parts_known(truth: dict[str, Any], number: int) -> set[bool]:
    """Whether the file knows of each of the records that a request changes, and that are its own."""
    request = request_of(number)
    known = {[request.device, request.idempotency_key] in truth["idempotency_keys"]}
    if request.exchange is Exchange.LICENSE:
        known.add([request.device, request.nonce] in truth["nonces"])
    if request.exchange is Exchange.RESTORE:
        known |= {request.computer in truth["restored_to"][content] for content in ("a", "b")}
    return known


def counts_wrong(truth: dict[str, Any]) -> Iterator[str]:
    """Devices whose counts are not those of the requests that the file knows of."""
    asked = [(device, request_of(int(key.removeprefix("key-"))).exchange) for device, key in truth["idempotency_keys"]]
    for name, device in truth["devices"].items():
        licenses, components = (asked.count((name, kind)) for kind in (Exchange.LICENSE, Exchange.INDIVIDUALIZATION))
        issued = device["issued"]
        if (issued.get("a", 0), issued.get("b", 0), device["handed_out"]) != (licenses, licenses, components):
            yield f"{name}: {issued} and {device['handed_out']} components, of {licenses} and {components} requests"


def look(path: Path, answered: list[int], asked: list[int], seen: Seen) -> None:
    """Compare what is in the file with what was answered since it was made, and asked at all."""
    with StateFile(path, survives=Survives.KILL) as file:
        truth = store_in(file, "default", GIVEN).truth()
    seen.lost += [f"{number}" for number in answered if parts_known(truth, number) == {False}]
    seen.half += [f"{number}" for number in asked if len(parts_known(truth, number)) == 2]
    seen.half += counts_wrong(truth)
    seen.applied += sum(parts_known(truth, number) == {True} for number in asked[-CLIENTS:] if number not in answered)


def killed(times: int, seed: int, folder: Path, kind: type[StateFile] = StateFile) -> Seen:
    """Kill so many servers, or fewer if something is found."""
    rng, numbers, seen = Random(seed), count(), Seen()
    answered: list[int] = []
    asked: list[int] = []
    while seen.kills < times and seen.is_good:
        if seen.kills % NEW_FILE_AFTER == 0:
            path = folder / f"{kind.__name__}-{seen.kills}.db"
            answered, asked = [], []
        process, origin = start_server(path, kind)
        now, never = load_and_kill(process, origin, numbers, rng)
        answered += now
        asked += [*now, *never]
        seen.kills, seen.answered, seen.unanswered = seen.kills + 1, seen.answered + len(now), seen.unanswered + len(never)
        look(path, answered, asked, seen)
    return seen


@click.command()
@click.option("--times", default=200, show_default=True, help="Servers to kill.")
@click.option("--seed", default=1, show_default=True, help="Of the moments.")
@click.option("--file", "kinds", type=click.Choice(list(FILES)), multiple=True, default=("right",), help="How it is written.")
def main(times: int, seed: int, kinds: tuple[str, ...]) -> None:
    """Kill servers, and look at what they leave."""
    gc.freeze()  # so that the children need not copy what is in use by nobody
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: killed(times, seed, Path(folder), FILES[kind]) for kind in kinds}
    click.echo(json.dumps({kind: asdict(seen) for kind, seen in found.items()}))
    sys.exit(not all(seen.is_good for seen in found.values()))


if __name__ == "__main__":
    main()
