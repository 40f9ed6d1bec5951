"""A client that believes nothing: bytes out, bytes in, and how the connection ended. Uses no code of the servers it probes."""

import json
import socket
import time
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from tests.fake_servers.proofs.tls_client import TlsClient

Ending = Literal["fin", "reset", "silence"]

SILENCE_S = 0.3
"""A loopback reply takes about a millisecond; so long without a byte is silence."""
PATIENCE_S = 20.0
"""For what must arrive some day; a test that waits it out has failed."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came back on one connection.

    Attributes:
        data: Every byte.
        ending: ``fin`` (end of stream), ``reset`` (ECONNRESET), or ``silence`` (open, and no byte for the time allowed).
        arrivals: (seconds since before the request was sent, bytes so far) after each read that brought something.
    """

    data: bytes
    ending: Ending
    arrivals: tuple[tuple[float, int], ...] = ()

    @property
    def head(self) -> bytes:
        """The head, blank line included."""
        return self.data[: self.data.index(b"\r\n\r\n") + 4]

    @property
    def body(self) -> bytes:
        """What follows the head."""
        return self.data[len(self.head) :]

    @property
    def status(self) -> int:
        """The number in the first line."""
        return int(self.data.split(b" ", 2)[1])

    @property
    def headers(self) -> dict[str, str]:
        """Header fields, names in lower case."""
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def json(self) -> object:
        """The body, read as JSON."""
        return json.loads(self.body)

    @property
    def is_whole(self) -> bool:
        """The head arrived, and as many bytes of the body as it announces."""
        return b"\r\n\r\n" in self.data and len(self.body) == int(self.headers["content-length"])


def connect(
    url: str, trust: str | None = None, *, patience_s: float = PATIENCE_S, receive_buffer: int | None = None
) -> socket.socket | TlsClient:
    """A connection to the url's host and port, over TLS for ``https``, where only ``trust`` (PEM) is trusted.

    Raises:
        OSError: As the system says it; ``ssl.SSLError`` is one.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    sock = socket.socket()
    if receive_buffer is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.settimeout(patience_s)
    try:
        sock.connect((host, parts.port))
        return TlsClient(sock, trust or "", host) if parts.scheme == "https" else sock
    except BaseException:
        sock.close()
        raise


def request(url: str, body: bytes, headers: dict[str, str] | None = None, method: str = "POST") -> bytes:
    """The bytes of one request, after whose reply the server shall close, so that every honest reply ends in a FIN."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    fields = {"Host": parts.netloc, "Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def receive(
    sock: socket.socket | TlsClient, patience_s: float = PATIENCE_S, *, began_s: float | None = None, pause_s: float = 0.0
) -> Received:
    """Everything that arrives until an end, or until ``patience_s`` passes without a byte.

    Args:
        began_s: ``time.monotonic()`` from which arrivals are counted; by default, now.
        pause_s: Makes a slow reader.
    """
    sock.settimeout(patience_s)
    began_s = time.monotonic() if began_s is None else began_s
    data = bytearray()
    arrivals: list[tuple[float, int]] = []
    while True:
        try:
            piece = sock.recv(65536)
        except TimeoutError:
            return Received(bytes(data), "silence", tuple(arrivals))
        except ConnectionResetError:  # ECONNRESET, and nothing else
            return Received(bytes(data), "reset", tuple(arrivals))
        if not piece:
            return Received(bytes(data), "fin", tuple(arrivals))
        data += piece
        arrivals.append((time.monotonic() - began_s, len(data)))
        if pause_s:
            time.sleep(pause_s)  # the reader's own slowness, not a wait for something to happen


def ask(
    url: str,
    body: bytes,
    headers: dict[str, str] | None = None,
    *,
    trust: str | None = None,
    patience_s: float = PATIENCE_S,
) -> Received:
    """Connect, send one request, receive."""
    with connect(url, trust, patience_s=patience_s) as sock:
        began_s = time.monotonic()
        sock.sendall(request(url, body, headers))
        return receive(sock, patience_s, began_s=began_s)
