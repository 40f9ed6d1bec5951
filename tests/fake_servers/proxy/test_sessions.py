"""Several devices on one port: by path or by header, each with faults of its own; what names it goes no farther."""

from __future__ import annotations

import asyncio
from random import Random

from fake_servers.faults.script import FaultScript
from fake_servers.proxy.host import Proxy
from fake_servers.proxy.upstream import Upstream
from tests.fake_servers.proxy.proxied import LICENSES, OK, upstream
from tests.fake_servers.sessions import Journal, StoppedClock, ask, on_exchange


def test_each_session_of_a_shared_port_has_its_own_faults_and_numbers() -> None:
    async def main() -> None:
        async with upstream(OK) as behind, Proxy(clock=StoppedClock(), rng=Random(7)) as proxy:
            shared = await proxy.listen_shared()
            journals = {name: Journal() for name in ("tv", "phone")}
            for name, journal in journals.items():
                script = FaultScript((on_exchange("status", status=503, nth=1 if name == "tv" else 2),))
                session = await proxy.open_proxied(
                    upstream=Upstream.at(behind.url), routes=LICENSES, script=script, journal=journal, name=name, shared=True
                )
                session.begin()
            origin = str(shared["url"])
            by_path = [(await ask(f"{origin}/s/{name}/wv?session=x")).status for name in ("tv", "phone", "tv")]
            by_header = [(await ask(f"{origin}/wv", X_Session=name)).status for name in ("tv", "phone")]
            nobody = [(await ask(f"{origin}/{path}")).status for path in ("wv?session=tv", "s/radio/wv", "s/tvset/")]
            assert (by_path, by_header, nobody) == ([503, 200, 200], [200, 503], [404, 404, 404])
            assert [call.head.split(b" ")[1] for call in behind.calls] == [b"/wv?session=x", b"/wv?session=x", b"/wv"]
            assert not [call for call in behind.calls if b"x-session" in call.head.lower()]
            assert [len(journal.of(type(journal.events[1]))) for journal in journals.values()] == [3, 2]

    asyncio.run(main())


def test_the_bare_address_of_a_session_is_the_upstreams_own() -> None:
    async def main() -> None:
        async with upstream(OK) as behind, Proxy(clock=StoppedClock(), rng=Random(7)) as proxy:
            await proxy.listen_shared()
            session = await proxy.open_proxied(
                upstream=Upstream.at(f"{behind.url}/lic/wv?a=1"),
                routes=LICENSES,
                script=FaultScript(),
                journal=Journal(),
                name="tv",
                shared=True,
            )
            session.begin()
            for address in (session.endpoints["license"], session.endpoints["license"].rstrip("/")):
                assert (await ask(address)).body == OK[-5:]
            assert [call.head.split(b" ")[1] for call in behind.calls] == [b"/lic/wv?a=1"] * 2

    asyncio.run(main())
