"""What a closed session leaves behind: nothing. And what two runs in virtual time differ in: nothing."""

from __future__ import annotations

import asyncio
import gc

import psutil
import pytest

from fake_servers.journal import Event
from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time
from tests.fake_servers.sessions import ask, connected, on_exchange, on_service, session_with, until

RULES = (
    on_service("reset_on_accept", connection=1),
    on_service("accept_silence", connection=2),
    on_service("refused", **{"from": "5 s", "for": "2 s"}),
    on_exchange("delay", 1, delay="100 ms", jitter="200 ms"),
    on_exchange("reset_after", 2, after_bytes="30 bytes"),
    on_exchange("drip", 3, chunk="40 bytes", every="10 ms"),
    on_exchange("reply_lost", 4, how="silence"),
)


async def visit(*, stay: bool) -> list[Event]:
    """Meet every fault of the script but the window, and, with ``stay``, be held when the session closes."""
    async with session_with(*RULES) as (session, journal):
        url = session.endpoints["license"]
        async with connected(url) as peer:
            await peer.rest()
        async with connected(url) as peer:
            peer.ask(url)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await peer.reader.read(1)
        for _ in range(3):
            await ask(url)
        async with connected(url) as peer:
            peer.ask(url)
            await until(lambda: session.ledger.open != {} and len(journal.events) > 20)
            if stay:
                await session.close()
        await until(lambda: session.open_connections == 0)
    return journal.events


@pytest.mark.parametrize("stay", [False, True], ids=["clients leave", "the session closes first"])
def test_no_socket_task_or_timer_outlives_a_session(stay: bool) -> None:
    async def main() -> None:
        await visit(stay=stay)  # whatever is made once, is made now
        gc.collect()
        before = psutil.Process().num_fds()
        await visit(stay=stay)
        for _ in range(5):
            await asyncio.sleep(0)  # the client's own transports say goodbye
        assert psutil.Process().num_fds() == before
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert not [one for one in psutil.Process().net_connections(kind="tcp") if one.status in ("LISTEN", "ESTABLISHED")]

    asyncio.run(main(), debug=False)


def test_two_runs_in_virtual_time_tell_the_same_to_the_last_digit() -> None:
    async def main() -> tuple[float, list[Event]]:
        events = await visit(stay=False)
        return asyncio.get_running_loop().time(), events

    (end, first), (same_end, second) = run_in_virtual_time(main), run_in_virtual_time(main)
    assert (end, first) == (same_end, second)
    assert len(first) > 20


def test_no_real_socket_is_made_in_virtual_time() -> None:
    async def main() -> int:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        await visit(stay=True)
        return int(psutil.Process().num_fds())

    before = psutil.Process().num_fds()
    assert run_in_virtual_time(main) == before
