"""What is measured in real time whatever clock the world keeps: how fast this machine is."""

from __future__ import annotations

import asyncio
import time
from functools import cache
from math import ceil
from random import Random

from fake_servers.dialects import DIALECTS
from fake_servers.engine.host import FakeServices
from fake_servers.faults.script import FaultScript
from fake_servers.given import Given
from fake_servers.services.decision import Exchange, ServiceRequest

MEASURED_S = 0.3
WARM_UP = 5
"""Exchanges that are not counted: the first ones load code."""

DIALECT, CONTENT = "clearkey", "film"


def real_s() -> float:
    """Seconds on a clock that no world bends, from some moment on."""
    return time.monotonic()


@cache
def loopback_latency_s() -> float:
    """The 99th percentile of a license exchange with fake services over loopback, connect to close, in real seconds.

    Measured once a process, in about 0.3 s. Call it where no event loop runs.
    """
    return asyncio.run(_measured())


async def _measured() -> float:
    taken: list[float] = []
    async with FakeServices(rng=Random(0)) as services:
        session = await services.open_session(dialect=DIALECT, script=FaultScript(()), given=Given(), journal=_ignore)
        port, request = session.ports["license"], _request(session.endpoints[Exchange.LICENSE.value])
        until_s = real_s() + MEASURED_S
        while len(taken) <= WARM_UP or real_s() < until_s:
            began_s = real_s()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            await reader.read()
            writer.close()
            await writer.wait_closed()
            taken.append(real_s() - began_s)
    return percentile(taken[WARM_UP:], 0.99)


def percentile(values: list[float], share: float) -> float:
    """The least of the values that ``share`` of them do not exceed."""
    return sorted(values)[ceil(share * len(values)) - 1]


def _request(url: str) -> bytes:
    asked = ServiceRequest(
        exchange=Exchange.LICENSE,
        device="device",
        client_version="",
        contents=(CONTENT,),
        nonce="0",
        idempotency_key="0",
        computer="computer",
    )
    body = DIALECTS[DIALECT].encode_request(asked, url).body
    head = f"POST /license HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode("ascii") + body


def _ignore(event: object) -> None:
    """Nothing of it goes on record."""
