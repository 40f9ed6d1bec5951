"""A world without a wire: the client's logic talks straight to the services' decisions, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fake_servers.content_keys import content_key, key_check
from fake_servers.dialects import DIALECTS
from fake_servers.given import Given
from fake_servers.services.deciding import complete_page, decide
from fake_servers.services.decision import Exchange
from fake_servers.store import Store
from harness.client.core import Situation
from harness.client.decisions import Decisions
from harness.client.driver import Driver
from harness.client.effects import Arrived, Event, Moving, Report, Send
from harness.client.shelf import Shelf
from harness.client.steps import CORES
from harness.client.words import message_of
from harness.operations.retry import RetryPolicy
from harness.scenario.model import Settings
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.world.virtual_run import run_in_virtual_time

Interference = Callable[[Exchange, int], Event | None]
"""What meets the nth request of an exchange instead of its reply; the service has acted all the same. None: nothing."""


@dataclass
class Played:
    """What was told, sent and kept."""

    statuses: list[StatusMessage] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    requests: list[tuple[float, Exchange]] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)
    truth: dict[str, Any] = field(default_factory=dict)

    @property
    def phases(self) -> list[str]:
        return [status.phase.value for status in self.statuses]

    @property
    def last(self) -> StatusMessage:
        return self.statuses[-1]


class ZeroClock:
    def epoch_s(self) -> float:
        return 1_767_225_600.0 + asyncio.get_running_loop().time()


def play(
    operation: Operation,
    *,
    given: Given | None = None,
    dialect: str = "wmdrm",
    settings: Settings | None = None,
    interference: Interference = lambda exchange, nth: None,
    user: Callable[[StatusMessage, Driver, Store], None] = lambda status, driver, store: None,
    rounds: int = 1,
    decisions: type[Decisions] = Decisions,
    policy: RetryPolicy | None = None,
) -> Played:
    """Play rounds of one operation; ``user`` sees every status and may answer, cancel or complete a page."""
    given = given or Given()
    played = Played()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        clock = ZeroClock()
        store = Store(given, clock=clock, rng=Random(1), on_change=lambda service, what, data: None)
        shelf = played.shelf = Shelf(
            licenses={content: content_key(content) for content in given.licenses},
            component=given.client_version if given.individualized else "",
            backup=given.backup,
        )
        counts: dict[Exchange, int] = {}
        speaks = DIALECTS[dialect]

        async def send(effect: Send, moving: Callable[[Moving], None]) -> Event:
            exchange = effect.request.exchange
            counts[exchange] = counts.get(exchange, 0) + 1
            played.requests.append((loop.time(), exchange))
            await asyncio.sleep(0.01)
            moving(Moving(0, 0))
            request = speaks.decode_request(exchange, effect.encoded())
            reply = speaks.encode_reply(exchange, decide(store, request, page_url=lambda token: f"http://page/{token}"))
            if (instead := interference(exchange, counts[exchange])) is not None:
                return instead
            moving(Moving(len(reply.body), len(reply.body)))
            return Arrived(reply)

        def report(facts: Report) -> None:
            status = message_of(facts)
            played.statuses.append(status)
            played.times.append(loop.time())
            loop.call_soon(user, status, driver, store)

        driver = Driver(send, shelf, report)
        situation = Situation(
            dialect=speaks,
            endpoints={exchange.value: f"http://service/{exchange.value}" for exchange in Exchange},
            device="device-1",
            computer=given.computer,
            content=given.content,
            check=key_check(given.content),
            also={content: key_check(content) for content in given.wanted if content != given.content},
            url_trust=given.url_trust,
            revoked=given.revoked or given.licenses,
            restricted=given.restricted,
            vault=given.vault,
            settings=settings or Settings(),
            rng=Random(7),
            now_s=loop.time,
            epoch_s=clock.epoch_s,
        )
        core = CORES[operation](situation, policy or RetryPolicy(), decisions(), shelf)
        for opened_by in ["start", *["retry"] * (rounds - 1)]:
            await driver.drive(core.play_round(opened_by))
        played.truth = store.truth()

    run_in_virtual_time(main)
    return played


__all__ = ["Played", "complete_page", "play"]
