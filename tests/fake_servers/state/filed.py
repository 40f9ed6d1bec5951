"""A state file and the store of one session in it, for tests."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from fake_servers.content_keys import key_id_text
from fake_servers.dialects import DIALECTS
from fake_servers.dialects.base import HttpRequest
from fake_servers.given import Given
from fake_servers.services.deciding import decide
from fake_servers.services.decision import Answer, Exchange, ServiceRequest
from fake_servers.state.file import StateFile, Survives
from fake_servers.state.store import FiledStore
from fake_servers.store import Store
from tests.fake_servers.sessions import StoppedClock

AS_USUAL = Given()


def opened(path: Path, most: int = 10_000) -> StateFile:
    """A file whose writer may be killed, but not the machine."""
    return StateFile(path, survives=Survives.KILL, most=most)


def store_in(
    file: StateFile, session: str = "phone", given: Given = AS_USUAL, told: list[Any] | None = None, *, anew: bool = False
) -> FiledStore:
    """The store of a session; ``told`` hears of each change."""
    heard = [] if told is None else told
    return file.begin(
        session,
        given,
        clock=StoppedClock(),
        rng=Random(1),
        on_change=lambda service, what, data: heard.append(what),
        anew=anew,
    )


def ask(store: Store, number: int, exchange: Exchange = Exchange.LICENSE, **more: Any) -> Answer:
    """A request that changes the truth, and is like no other of another number."""
    asked = {"device": f"device-{number}", "client_version": "2.2", "contents": ("film",), "nonce": f"{number}", **more}
    return decide(store, ServiceRequest(exchange=exchange, **asked), page_url=lambda token: token).answer


def license_request(number: int, url: str) -> HttpRequest:
    """A license request that changes the truth, and is like no other of another number."""
    asked = ServiceRequest(
        exchange=Exchange.LICENSE,
        device=f"device-{number}",
        client_version="2.2",
        contents=(key_id_text("film"),),
        nonce=f"{number:032x}",
        idempotency_key=f"key-{number}",
    )
    return DIALECTS["wmdrm"].encode_request(asked, url)


def limit_pages(file: StateFile, more: int | None) -> None:
    """Let the file grow by so many pages; None: without end. A file at its limit is to SQLite what a full disk is."""
    ask = file._database.execute  # nobody but a test wants the disk to be full
    now = ask("PRAGMA page_count").fetchone()[0]
    ask(f"PRAGMA max_page_count = {4_294_967_294 if more is None else now + more}")
