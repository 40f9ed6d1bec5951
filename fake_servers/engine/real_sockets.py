"""What only real sockets need: to know what the kernel still holds, to reset a connection, to keep a port while closed."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import sys

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""struct linger: on, 0 seconds. Closing such a socket sends RST and drops what the kernel still holds."""


SIOCOUTQNSD = 0x894B
"""Linux, sockios.h: bytes that the kernel holds and has not sent yet, for the peer's window is full."""


def unsent_bytes(transport: asyncio.Transport) -> int:
    """Bytes written to ``transport`` that have not reached the peer's kernel yet.

    On the loopback interface a segment is with the receiver once it is sent, so what is sent counts. To wait until it is also
    acknowledged (SIOCOUTQ) would make a reset late by the receiver's delayed acknowledgement, 40 ms. Only Linux tells;
    elsewhere what is in the kernel counts as sent.
    """
    waiting = transport.get_write_buffer_size()
    if waiting or sys.platform != "linux":
        return waiting
    held = bytearray(4)
    fcntl.ioctl(transport.get_extra_info("socket").fileno(), SIOCOUTQNSD, held)
    return int.from_bytes(held, sys.byteorder)


def reset(transport: asyncio.Transport) -> None:
    """RST now. Bytes that are still unsent are lost: wait until ``unsent_bytes`` is 0 if they are to arrive."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    transport.abort()


def held_port(host: str, port: int) -> socket.socket:
    """A socket that is bound and never listens: the port stays ours, and connecting to it is refused.

    A listener joins it with ``reuse_port``. Without it, somebody else could take the port while nobody listens, or a client's
    own connection attempt could be given the very port it knocks at and so connect to itself. Sharing is allowed only after
    the bind, so that a port that somebody else shares already is not joined by mistake.

    Raises:
        OSError: The address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError:
        sock.close()
        raise
    return sock
