"""What a fault looks like from the other end of a connection: which bytes came, and how it ended. FIN and RST are told apart.

The bytes are read by the sceptical reader of the proofs on a plain blocking socket, or by asyncio's streams; h11 judges them.
"""

from __future__ import annotations

import re
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal

import h11

from tests.fake_servers.proofs.probe import connect, receive, request
from tests.networks.client_programs import TIME_LIMIT_S, Got, Request

Ending = Literal["FIN", "RST", "silence", "refused", "SYN unanswered", "untrusted", "alert"]
TLS_REASON = re.compile(r"^(?:SSLV3|TLSV1(?:_\d)?|SSL/TLS)(?:_ALERT)?_(?P<alert>[A-Z_]+)$")


@dataclass(frozen=True, slots=True)
class Seen:
    """One connection, from the client's end.

    Attributes:
        ending: How it ended; ``silence`` is an open connection without a byte for three seconds.
        data: Every byte that came, TLS taken off.
        tls: Whether it was to be a connection over TLS.
        alert: The server's alert, if that ended it.
        why: What is wrong with the certificate, as OpenSSL says; what only some readers are told.
        seconds: How long it took, by the clock of its network.
    """

    ending: Ending
    data: bytes = b""
    tls: bool = False
    alert: str = ""
    why: str = field(default="", compare=False)
    seconds: float = field(default=0.0, compare=False)

    def __str__(self) -> str:
        match self.ending:
            case "refused" | "SYN unanswered":
                return self.ending
            case "untrusted":
                return "a certificate that cannot be trusted"
            case "alert":
                return f"TLS alert {self.alert}"
        if not self.data:
            return f"{self.ending} in the handshake" if self.tls else f"{self.ending} before the first byte"
        return reply_text(self.data, self.ending)


def reply_text(data: bytes, ending: str) -> str:
    """``200 whole, FIN``, ``RST after 120 bytes``: what the bytes of a connection are as HTTP, and what followed them."""
    interim, statuses = 0, list[str]()
    while data:
        read = _first_reply(data, ending)
        if isinstance(read, str):
            cut = f"{ending} after {len(data):,} bytes" if read == "cut" else f"{len(data):,} bytes that are no HTTP, {ending}"
            return f"{' and '.join(statuses)}, then {cut}" if statuses else cut
        status, before, data = read
        statuses.append(f"{status} whole")
        interim += before
        if data and not data.startswith(b"HTTP/"):
            return f"{' and '.join(statuses)} and {len(data)} bytes more, {ending}"
    heads = f"{interim} interim {'head' if interim == 1 else 'heads'}, then " if interim else ""
    return f"{heads}{' and '.join(statuses)}, {ending}"


def _first_reply(data: bytes, ending: str) -> tuple[int, int, bytes] | Literal["cut", "malformed"]:
    """Status, interim heads before it, and the bytes after it."""
    if not data.startswith(b"HTTP/"[: len(data)]):
        return "malformed"
    reader = h11.Connection(h11.CLIENT, max_incomplete_event_size=1_000_000)
    reader.send(h11.Request(method="POST", target="/", headers=[("Host", "x"), ("Content-Length", "0")]))
    reader.send(h11.EndOfMessage())
    status = interim = 0
    reader.receive_data(data)
    at_end = False
    try:
        while True:
            event = reader.next_event()
            if isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.InformationalResponse):
                interim += 1
            elif isinstance(event, h11.EndOfMessage):
                return status, interim, b"" if at_end else reader.trailing_data[0]
            elif event is h11.NEED_DATA:
                if at_end or ending != "FIN":
                    return "cut"
                at_end = True
                reader.receive_data(b"")
            elif not isinstance(event, h11.Data):
                return "cut"  # the end came where a reply was to begin
    except h11.RemoteProtocolError:
        return "cut" if at_end else "malformed"


def seen_by_socket(asked: Request, patience_s: float = TIME_LIMIT_S) -> Seen:
    """On a blocking socket, with the request sent once it is connected."""
    began_s = time.monotonic()
    seen = _seen_by_socket(asked, patience_s)
    return replace(seen, seconds=time.monotonic() - began_s)


def _seen_by_socket(asked: Request, patience_s: float) -> Seen:
    tls = asked.url.startswith("https:")
    try:
        sock = connect(asked.url, asked.ca_pem, patience_s=patience_s)
    except ConnectionRefusedError:
        return Seen("refused")
    except ConnectionResetError:
        return Seen("RST", tls=tls)
    except TimeoutError:
        return Seen("silence", tls=True) if tls else Seen("SYN unanswered")
    except ssl.SSLCertVerificationError as error:
        return Seen("untrusted", tls=True, why=error.verify_message)
    except ssl.SSLError as error:
        return _ended_by(error.reason or "")
    with sock:
        with suppress(ConnectionError):  # what it ended by is still to be read
            sock.sendall(request(asked.url, asked.body, asked.headers))
        received = receive(sock, patience_s)
    ending: dict[str, Ending] = {"fin": "FIN", "reset": "RST", "silence": "silence"}
    return Seen(ending[received.ending], received.data, tls)


def seen_by_streams(got: Got, *, tls: bool) -> Seen:
    """The same, from what a program on asyncio's streams got; that works on the simulated network too."""
    return replace(_seen_by_streams(got, tls), seconds=got.seconds)


def _seen_by_streams(got: Got, tls: bool) -> Seen:
    name, _, number = got.raised.partition(" ← ")[0].partition(" ")
    match name:
        case "":
            return Seen("FIN", got.body, tls)
        case "ConnectionRefusedError":
            return Seen("refused")
        case "ConnectionResetError" if number or not tls:
            return Seen("RST", got.body, tls)
        case "ConnectionResetError" | "ConnectionAbortedError":  # asyncio's own word for an end in the handshake
            return Seen("FIN", got.body, tls)
        case "TimeoutError" if got.connecting and not tls:
            return Seen("SYN unanswered")
        case "TimeoutError":
            return Seen("silence", got.body, tls)
        case "SSLCertVerificationError":
            return Seen("untrusted", tls=True)
    return _ended_by(number)


def _ended_by(reason: str) -> Seen:
    """The end of a handshake, from OpenSSL's reason for it."""
    if found := TLS_REASON.match(reason):
        return Seen("alert", tls=True, alert=found["alert"].lower())
    return Seen("FIN", tls=True)
