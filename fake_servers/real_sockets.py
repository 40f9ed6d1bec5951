"""What only real sockets need: to know what the kernel still holds, to reset a connection, to keep a port while closed."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import sys
import termios

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""struct linger: on, 0 seconds. Closing such a socket sends RST and drops what the kernel still holds."""


def unsent_bytes(transport: asyncio.Transport) -> int:
    """Bytes written to ``transport`` that the peer's kernel has not acknowledged yet.

    Only Linux tells (SIOCOUTQ, the same number as TIOCOUTQ); elsewhere those in the kernel count as delivered.
    """
    waiting = transport.get_write_buffer_size()
    if waiting or sys.platform != "linux":
        return waiting
    queued = bytearray(4)
    sock: socket.socket = transport.get_extra_info("socket")
    fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, queued)
    return int.from_bytes(queued, sys.byteorder)


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
