"""What only real sockets need: to know what the kernel still holds, to reset a connection, to keep a port while closed."""

from __future__ import annotations

import asyncio
import ctypes
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


CAN_BE_DEAF = sys.platform == "linux"
"""Whether a listening socket can be made to drop what arrives: elsewhere no program may ask that of its kernel."""

SO_ATTACH_FILTER, SO_DETACH_FILTER, SO_MEMINFO = 26, 27, 55
"""Linux, asm-generic/socket.h."""

DROP_ALL = struct.pack("=HBBI", 0x06, 0, 0, 0)
"""A filter of one instruction: BPF_RET | BPF_K, pass 0 bytes (linux/filter.h)."""

DROPS = 8
"""Linux, sock_diag.h: SK_MEMINFO_DROPS, the place of a socket's number of packets that were dropped."""


def deafen(sock: socket.socket) -> None:
    """Let a listening socket drop all that arrives: who knocks hears nothing. Connections that were accepted live on."""
    instructions = ctypes.create_string_buffer(DROP_ALL)
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", 1, ctypes.addressof(instructions)))


def hear_again(sock: socket.socket) -> None:
    """Undo ``deafen``."""
    sock.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)


def dropped(sock: socket.socket) -> int:
    """How many packets this socket has dropped so far."""
    return int(struct.unpack("=9I", sock.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, 36))[DROPS])


def pause_again(transport: asyncio.Transport) -> None:
    """To be called a turn after a pause in ``connection_made``: before Python 3.11.3 a transport reads all the same."""
    if not transport.is_closing():
        transport.resume_reading()
        transport.pause_reading()


TCP_CLOSE, TCP_CLOSE_WAIT = 7, 8
"""Linux, tcp_states.h: reset; and closed by the peer, which nobody has read yet."""


def has_peer_left(transport: asyncio.Transport) -> bool:
    """Whether the peer has closed or reset the connection, though nobody reads what it sent. Only Linux tells."""
    if sys.platform != "linux":
        return False
    return bool(
        transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] in (TCP_CLOSE, TCP_CLOSE_WAIT)
    )
