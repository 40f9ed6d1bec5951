"""Hops of a redirect: counted apart from requests, and served by whoever redirected."""

from __future__ import annotations

from fake_servers.journal import FaultFired, ReplySent, RequestReceived, TruthChanged
from tests.fake_servers.sessions import Run, ask, on_both_networks, on_exchange, session_with


@on_both_networks
def test_the_last_hop_of_a_chain_is_answered_by_the_service_and_meets_no_fault(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("redirect_chain", hops=2)) as (session, journal):
            received = await ask(session.endpoints["license"])
            while received.status == 307:
                received = await ask(received.headers["location"])
        assert received.status == 200
        assert [(event.exchange, event.answer) for event in journal.of(ReplySent)] == [
            ("license", "http"),
            ("redirect", "http"),
            ("redirect", "granted"),
        ]
        assert [event.request for event in journal.of(TruthChanged)] == [3]
        assert [event.request for event in journal.of(FaultFired)] == [1, 2]

    run(main)


@on_both_networks
def test_hops_of_a_redirect_are_counted_apart_and_served_by_the_same_fault(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("redirect_loop", 1)) as (session, journal):
            url = session.endpoints["license"]
            lost = await ask(url + "?hop=1")
            first = await ask(url)
            second = await ask(first.headers["location"])
            third = await ask(second.headers["location"])
            clean = await ask(url)
        assert lost.status == 404
        assert [first.headers["location"], second.headers["location"], third.headers["location"]] == [
            f"{url}?hop={n}" for n in (1, 2, 3)
        ]
        assert clean.status == 200
        assert [(event.exchange, event.nth) for event in journal.of(RequestReceived)] == [
            ("redirect", 1),
            ("license", 1),
            ("redirect", 2),
            ("redirect", 3),
            ("license", 2),
        ]
        assert [event.request for event in journal.of(FaultFired)] == [2, 3, 4]

    run(main)
