"""A listening port: kept while it refuses, given back when closed, and never open to other machines."""

from __future__ import annotations

import asyncio
import errno
import socket
from random import Random

import psutil
import pytest

from fake_servers.engine.host import FakeServices
from fake_servers.engine.listener import Listener, checked_host
from fake_servers.errors import ListenError


def connect_error(port: int) -> int:
    """What connecting to the port says; 0 if it succeeds."""
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port))


def test_a_stopped_port_refuses_stays_ours_and_resumes_on_the_same_number() -> None:
    async def main() -> None:
        listener = Listener(asyncio.Protocol, "127.0.0.1", hold_port=True)
        await listener.open()
        port = listener.port
        for _ in range(3):
            assert connect_error(port) == 0
            listener.stop()
            assert connect_error(port) == errno.ECONNREFUSED
            with socket.socket() as thief, pytest.raises(OSError, match="in use"):
                thief.bind(("127.0.0.1", port))
            await listener.resume()
            assert listener.port == port
        listener.close()
        assert connect_error(port) == errno.ECONNREFUSED
        with socket.socket() as heir:
            heir.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the connections above linger in TIME_WAIT
            heir.bind(("127.0.0.1", port))

    asyncio.run(main())


def test_connections_outlive_the_listening_that_brought_them() -> None:
    class Echo(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            self.transport.write(data)  # type: ignore[attr-defined]  # it is a stream's

    async def main() -> None:
        listener = Listener(Echo, "127.0.0.1", hold_port=True)
        await listener.open()
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(b"a")
        assert await reader.readexactly(1) == b"a"
        listener.stop()
        writer.write(b"b")
        assert await reader.readexactly(1) == b"b"
        writer.close()
        listener.close()

    asyncio.run(main())


@pytest.mark.parametrize("holds", [True, False], ids=["a fake server", "a stranger"])
def test_a_port_in_use_is_said_to_be_in_use(holds: bool) -> None:
    async def main() -> None:
        first = Listener(asyncio.Protocol, "127.0.0.1", hold_port=holds)
        await first.open()
        second = Listener(asyncio.Protocol, "127.0.0.1", first.port, hold_port=True)
        with pytest.raises(ListenError, match=rf"port {first.port} on 127\.0\.0\.1 is in use: choose another"):
            await second.open()
        first.close()

    asyncio.run(main())


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost", "s-17.localhost"])
def test_names_of_this_machine_are_taken(host: str) -> None:
    assert checked_host(host) == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "", "localhost.example"])
def test_any_other_host_is_refused_with_a_reason(host: str) -> None:
    with pytest.raises(ListenError, match="not an address of this machine alone"):
        FakeServices(rng=Random(1), host=host)


def test_a_name_that_only_browsers_know_listens_on_the_loopback_address() -> None:
    async def main() -> None:
        listener = Listener(asyncio.Protocol, "s-17.localhost", hold_port=True)
        await listener.open()
        assert connect_error(listener.port) == 0
        listener.close()

    asyncio.run(main())


def test_a_listener_that_is_closed_while_it_resumes_stays_closed() -> None:
    async def main() -> None:
        listener = Listener(asyncio.Protocol, "127.0.0.1", hold_port=True)
        await listener.open()
        listener.stop()
        resuming = asyncio.ensure_future(listener.resume())
        await asyncio.sleep(0)
        listener.close()
        await resuming
        assert not listener.is_listening
        assert connect_error(listener.port) == errno.ECONNREFUSED
        mine = psutil.Process().net_connections(kind="tcp")
        assert not [one for one in mine if one.laddr and one.laddr.port == listener.port]

    asyncio.run(main())
