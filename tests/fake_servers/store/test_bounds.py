"""A store that is up all day: the oldest is forgotten, counted, and what belongs together goes together."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from fake_servers.given import Given
from fake_servers.services.deciding import decide
from fake_servers.services.decision import Answer, Exchange, ServiceRequest
from fake_servers.store import Store
from tests.fake_servers.both_stores import make_stores, new_name
from tests.fake_servers.sessions import StoppedClock

GIVEN = Given(licenses=("film",), silent=False)


def store_of(most: int, given: Given = GIVEN) -> Store:
    stores = make_stores(most)
    return stores.begin(new_name(), given, clock=StoppedClock(), rng=Random(1), on_change=lambda *_: None, anew=True)


def ask(store: Store, exchange: Exchange, **fields: Any) -> Answer:
    request = ServiceRequest(exchange=exchange, **fields)
    return decide(store, request, page_url=lambda token: token).answer


@pytest.mark.parametrize(
    ("exchange", "kind", "fields"),
    [
        (Exchange.LICENSE, "nonces", {"contents": ("film",)}),
        (Exchange.LICENSE, "pages", {"contents": ("film",), "client_version": "2.2"}),
        (Exchange.LICENSE, "devices", {"contents": ("film",)}),
        (Exchange.REVOCATION, "removals", {}),
        (Exchange.BACKUP, "backups", {"licenses": ("film",)}),
        (Exchange.INDIVIDUALIZATION, "idempotency_keys", {}),
    ],
)
def test_of_each_kind_so_many_are_remembered(exchange: Exchange, kind: str, fields: dict[str, Any]) -> None:
    store = store_of(most=10)
    for number in range(100):
        ask(store, exchange, device=f"device-{number}", nonce=f"{number}", idempotency_key=f"{number}", **fields)
    assert len(store.truth()[kind]) == 10
    assert store.forgotten >= 90


def test_a_nonce_is_stale_for_as_long_as_it_is_remembered() -> None:
    store = store_of(most=2)
    with store:
        fresh = [store.see_nonce("phone", nonce) for nonce in ("1", "2", "2", "3", "2", "1")]
    assert fresh == [True, True, False, True, False, True]


def test_a_page_that_was_forgotten_is_opened_anew() -> None:
    store = store_of(most=1)
    with store:
        first = store.page_for("phone", ("film",))
        store.page_for("tv", ("film",))
        assert store.complete_page(first.token) is False
        assert store.page_for("phone", ("film",)).token != first.token


def test_nothing_is_forgotten_in_a_day_like_any_other() -> None:
    store = store_of(most=10_000, given=Given())
    for number in range(1000):
        ask(store, Exchange.LICENSE, device="phone", contents=("film",), nonce=f"{number}")
    assert store.forgotten == 0
