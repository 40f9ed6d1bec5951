"""Every proof of a wire fault, once more through a proxy: our own services stand behind it, without faults."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from random import Random
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.engine.addresses import PATHS
from fake_servers.engine.host import DEFAULT_NAME, FakeServices
from fake_servers.faults.base import FAULTS, Layer
from fake_servers.faults.script import FaultScript, Rule
from fake_servers.given import Given
from fake_servers.proxy.host import Proxy
from fake_servers.proxy.routes import Route
from fake_servers.proxy.upstream import Upstream
from fake_servers.services.decision import Exchange
from tests.fake_servers.faults.examples import HOUSE
from tests.fake_servers.proofs import requests
from tests.fake_servers.proofs.serving import Served, StoppedClock, line, with_or_without

ON_THE_WIRE = sorted(name for name in HOUSE if FAULTS[name].layer is not Layer.SERVICE)
PROOFS = {name: importlib.import_module(f"tests.fake_servers.proofs.test_{name}") for name in ON_THE_WIRE}

SILENCE_S = 1.5
"""Two servers take longer than one on a busy machine, and whoever leaves before the service has acted is not served."""

NOT_OF_A_PROXY = {"test_other_services_listen_on", "test_another_port_is_named_and_has_no_license"}
"""A proxy has one port, of one service."""

ROUTES = [
    Route(exchange, ("POST", "GET"), PATHS[exchange])
    for exchange in sorted(PATHS, key=lambda exchange: exchange is not Exchange.LICENSE)
]


@contextmanager
def through_a_proxy(
    *lines: dict[str, Any], dialect: str = "clearkey", tls: bool = False, given: Given | None = None, **more: Any
) -> Iterator[Served]:
    """As ``serving``, but for the proxy: it has the faults, and the services behind it have none."""
    opened: Future[Served] = Future()
    done = threading.Event()

    async def serve() -> None:
        script = FaultScript(tuple(Rule.model_validate(one) for one in lines))
        async with (
            FakeServices(clock=StoppedClock(), rng=Random(7)) as services,
            Proxy(clock=StoppedClock(), rng=Random(7)) as proxy,
        ):
            shared = await services.listen_shared()
            session = await services.open_session(
                dialect=dialect,
                script=FaultScript(),
                given=given or Given(),
                journal=lambda event: None,
                name=DEFAULT_NAME,
                shared=True,
                **more,
            )
            session.begin()
            proxied = await proxy.open_proxied(
                upstream=Upstream.at(str(shared["url"])), routes=ROUTES, script=script, journal=lambda event: None, tls=tls
            )
            proxied.begin()
            origin = proxied.endpoints["license"].rstrip("/")
            endpoints = {exchange: origin + PATHS[Exchange(exchange)] for exchange in session.endpoints}
            opened.set_result(Served(endpoints, proxied.ca_pem.decode() if proxied.ca_pem else None))
            await asyncio.to_thread(done.wait)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as exc:
            if opened.done():
                raise
            opened.set_exception(exc)

    thread = threading.Thread(target=run, name="proxy")
    thread.start()
    try:
        yield opened.result(timeout=30)
    finally:
        done.set()
        thread.join()


@pytest.fixture(autouse=True)
def _served_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (requests, *PROOFS.values()):
        if hasattr(module, "serving"):
            monkeypatch.setattr(module, "serving", through_a_proxy)
    monkeypatch.setattr(PROOFS["reply_lost"], "SILENCE_S", SILENCE_S)


def _tests_of(module: ModuleType) -> dict[str, Any]:
    own = inspect.getmembers(module, lambda member: inspect.isfunction(member) and member.__module__ == module.__name__)
    return {name: function for name, function in own if name.startswith("test_") and name not in NOT_OF_A_PROXY}


for _fault, _module in PROOFS.items():
    for _name, _function in _tests_of(_module).items():
        globals()[f"test_{_fault}_{_name.removeprefix('test_')}"] = _function


def test_every_fault_on_the_wire_is_proved_through_a_proxy() -> None:
    unproved = [name for name in ON_THE_WIRE if not _tests_of(PROOFS[name]) and name != "cross_origin_redirect"]  # see below
    assert not unproved, f"no proofs to repeat for {unproved}"
    assert {"reset_after", "fin_after", "truncate", "refused", "unknown_ca", "captive_portal"} <= set(ON_THE_WIRE)


@with_or_without
def test_another_origin_is_another_name_of_the_proxys_one_port(with_fault: bool) -> None:
    with through_a_proxy(*[line("cross_origin_redirect")] if with_fault else ()) as served:
        received = requests.ask_clearkey(served)
        assert received.status == (307 if with_fault else 200)
        if with_fault:
            here, there = urlsplit(served.license_url), urlsplit(received.headers["location"])
            assert (here.hostname, there.hostname, there.port) == ("127.0.0.1", "localhost", here.port)
        assert requests.ask_clearkey(served).status == 200, "the fault met the first request only"
