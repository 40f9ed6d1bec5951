"""Fake services in a thread of their own, so that a test can be an ordinary blocking client."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.engine.host import FakeServices
from fake_servers.faults.script import FaultScript, Rule
from fake_servers.given import Given

NOW_EPOCH_S = 1_767_225_600.25  # a quarter of a second after 2026-01-01T00:00:00Z

with_or_without = pytest.mark.parametrize("with_fault", [True, False], ids=["with", "without"])
"""Each proof runs once more without the fault, to show that its evidence is gone then."""

over_both = pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])


class StoppedClock:
    """A date that does not move, so that two sessions send the same bytes."""

    def epoch_s(self) -> float:
        return NOW_EPOCH_S


@dataclass(frozen=True, slots=True)
class Served:
    """What a client is told.

    Attributes:
        endpoints: URL of each exchange.
        trust: The authority's certificate (PEM), if the services speak TLS.
    """

    endpoints: dict[str, str]
    trust: str | None

    @property
    def license_url(self) -> str:
        """Where licenses are asked for."""
        return self.endpoints["license"]


def line(fault: str, *, exchange: str = "license", nth: int = 1, **parameters: Any) -> dict[str, Any]:
    """A script's line that puts ``fault`` on one exchange."""
    return {"when": {"exchange": exchange, "nth": nth}, "fault": fault, **parameters}


def early_line(fault: str, parameters: dict[str, Any] | None = None, /, **when: Any) -> dict[str, Any]:
    """A script's line that puts a connect or TLS fault at the license service's port, by default on its first connection."""
    return {"when": {"service": "license", **(when or {"connection": 1})}, "fault": fault, **(parameters or {})}


@contextmanager
def serving(
    *lines: dict[str, Any], dialect: str = "clearkey", tls: bool = False, given: Given | None = None
) -> Iterator[Served]:
    """One session, open for as long as the block runs."""
    opened: Future[Served] = Future()
    done = threading.Event()

    async def serve() -> None:
        script = FaultScript(tuple(Rule.model_validate(one) for one in lines))
        async with FakeServices(clock=StoppedClock(), rng=Random(7)) as services:
            session = await services.open_session(
                dialect=dialect, script=script, given=given or Given(), journal=lambda event: None, tls=tls
            )
            session.begin()
            opened.set_result(Served(dict(session.endpoints), session.ca_pem.decode() if session.ca_pem else None))
            await asyncio.to_thread(done.wait)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as exc:
            if opened.done():
                raise
            opened.set_exception(exc)

    thread = threading.Thread(target=run, name="fake services")
    thread.start()
    try:
        yield opened.result(timeout=30)
    finally:
        done.set()
        thread.join()
