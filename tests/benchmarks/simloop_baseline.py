"""Our virtual loop beside simloop's: the same aiohttp program on both, CPU time, in turn within each round.

The program is one history: a server, a client, three attempts answered with 503 and paused after by 1, 2 and 4 s, then 200. No
harness is in it, only the loops, their networks, and aiohttp. simloop needs Python 3.12 and is nobody's dependency here:
``pip install simloop``, then ``python -m tests.benchmarks simloop``.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, ThreadedResolver, web

from harness.world.virtual_run import run_in_virtual_time

ROUNDS, TIMES = 7, 20
PORT = 8080
BODY = {"kids": ["LwVHf8JLtPrv2GUXFW2v_A"], "type": "temporary"}
PAUSES_S = (1.0, 2.0, 4.0)


async def serve() -> web.AppRunner:
    """A service that is unavailable three times."""
    asked = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        said = await request.json()
        return web.json_response({"keys": said["kids"]}, status=503 if asked <= len(PAUSES_S) else 200)

    app = web.Application()
    app.router.add_post("/license", answer)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, None, PORT).start()
    return runner


async def acquire(host: str) -> None:
    """A client that comes back after each refusal."""
    connector = TCPConnector(resolver=ThreadedResolver())
    async with ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as session:
        for pause_s in (*PAUSES_S, 0.0):
            async with session.post(f"http://{host}:{PORT}/license", json=BODY) as reply:
                await reply.json()
                if reply.status == 200:
                    return
            await asyncio.sleep(pause_s)
    raise AssertionError("the fourth attempt did not work")


async def on_ours() -> None:
    runner = await serve()
    await acquire("localhost")
    await runner.cleanup()


async def on_theirs() -> None:
    loop: Any = asyncio.get_running_loop()
    serving = loop.net.host("server").create_task(serve())
    runner = await serving
    await acquire("server")
    await runner.cleanup()


def compare() -> None:
    """Ours, simloop as it comes, and simloop with all that was alive before frozen, which spares its collections much.

    Raises:
        SystemExit: simloop is not there.
    """
    try:
        import simloop
    except ImportError:
        raise SystemExit(
            f"simloop is not installed for this Python {sys.version.split()[0]}; it needs 3.12 or newer: pip install simloop"
        ) from None

    def ours() -> None:
        run_in_virtual_time(on_ours)

    def theirs() -> None:
        if (report := simloop.explore(on_theirs, seeds=[0])) is not None:
            raise AssertionError(report)

    def theirs_frozen() -> None:
        gc.freeze()
        try:
            theirs()
        finally:
            gc.unfreeze()

    plays: dict[str, Callable[[], None]] = {"ours": ours, "simloop": theirs, "simloop, heap frozen": theirs_frozen}
    costs: dict[str, list[float]] = {name: [] for name in plays}
    for play in plays.values():
        play()
    for _ in range(ROUNDS):
        for name, play in plays.items():
            began = process_time()
            for _ in range(TIMES):
                play()
            costs[name].append((process_time() - began) / TIMES)
    print(f"simloop {simloop.__version__}: {ROUNDS} rounds of {TIMES}, CPU time of one history over aiohttp")
    for name, values in costs.items():
        ratios = [value / own for value, own in zip(values, costs["ours"], strict=True)]
        spread = f"{median(ratios):5.1f} × ours ({min(ratios):.1f} to {max(ratios):.1f})"
        print(f"  {name:22} {median(values) * 1000:7.2f} ms   {spread}")
