"""Services that are up all day hold no more memory in the evening than at noon."""

from __future__ import annotations

import asyncio
import gc

import psutil
import pytest

from fake_servers.content_keys import key_id_text
from fake_servers.control.roster import Setup
from fake_servers.dialects import DIALECTS
from fake_servers.services.decision import Exchange, ServiceRequest
from fake_servers.stores import InMemory
from tests.fake_servers.control.days import day_with
from tests.fake_servers.sessions import PATIENCE_S, connected

PIPELINED = 50
MOST, LOG_LIMIT = 1000, 500
MORNING, AFTERNOON = 1500, 4500  # requests; by noon, log and store are as full as they get
GROWTH_BYTES = 2_000_000
"""A request leaves some 4 KB of events, nonces and devices; kept for ever, an afternoon would be nine times as much."""


END = b"</RESULT>"
"""Of a reply that grants."""


def request(number: int, host: str) -> bytes:
    """A license request of a device, with a nonce and a key, that nobody has used before."""
    asked = ServiceRequest(
        exchange=Exchange.LICENSE,
        device=f"device-{number}",
        client_version="2.2",
        contents=(key_id_text("film"),),
        nonce=f"{number:032x}",
        idempotency_key=f"key-{number}",
    )
    http = DIALECTS["wmdrm"].encode_request(asked, f"http://{host}/license")
    head = [f"POST /license HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(http.body)}"]
    head += [f"{name}: {value}" for name, value in http.headers.items()]
    return "\r\n".join([*head, "", ""]).encode() + http.body


@pytest.mark.timeout(600)  # three seconds on a machine that has nothing else to do
def test_six_thousand_requests_leave_no_more_than_the_bounds() -> None:
    async def main() -> None:
        async with day_with(default=False, log_limit=LOG_LIMIT, stores=InMemory(MOST)) as (day, _):
            kept = await day.roster.open("default", Setup(dialect="wmdrm"))
            url = kept.session.endpoints["license"]

            host = url.split("/")[2]

            async def ask(first: int, number: int) -> int:
                async with connected(url) as peer:
                    for start in range(first, first + number, PIPELINED):
                        peer.writer.write(b"".join(request(each, host) for each in range(start, start + PIPELINED)))
                        heard = b""
                        while heard.count(END) < PIPELINED:
                            async with asyncio.timeout(PATIENCE_S):
                                piece = await peer.reader.read(1_000_000)
                            assert piece, heard[-1000:]
                            heard += piece
                gc.collect()
                return int(psutil.Process().memory_info().rss)

            noon = await ask(0, MORNING)
            evening = await ask(MORNING, AFTERNOON)
            assert evening - noon < GROWTH_BYTES
            assert kept.requests == MORNING + AFTERNOON
            assert (len(kept.ring.entries), kept.ring.dropped > 15_000) == (LOG_LIMIT, True)
            truth = kept.session.store.truth()
            assert {len(truth[kind]) for kind in ("devices", "nonces", "idempotency_keys")} == {MOST}
            assert kept.session.store.forgotten == 3 * (MORNING + AFTERNOON - MOST)

    asyncio.run(main())
