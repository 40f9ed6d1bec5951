"""TLS over a socket that stays in sight.

The standard library's own ``SSLSocket`` reports a reset as an end of stream in some versions of Python (3.10 and 3.11 among
them), and the difference is what these proofs are about. So TLS runs on buffers here, and the socket is read as it is.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")


def trusting(ca_pem: str) -> ssl.SSLContext:
    """As a client of today: TLS 1.2 or newer, which Debian's Python leaves to OpenSSL's settings."""
    context = ssl.create_default_context(cadata=ca_pem)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class TlsClient:
    """As much of a socket as the probe needs, with TLS in it.

    Args:
        sock: Connected; its time limit holds for each read.
        trust: The one authority that is trusted (PEM).
        host: The name or address that the certificate must be for.

    Raises:
        ssl.SSLError: The handshake failed; ``SSLCertVerificationError`` if the certificate is no good.
        OSError: The connection failed during the handshake.
    """

    def __init__(self, sock: socket.socket, trust: str, host: str) -> None:
        self._sock = sock
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = trusting(trust).wrap_bio(self._in, self._out, server_hostname=host)
        self._carry_out(self._tls.do_handshake)

    def sendall(self, data: bytes) -> None:
        self._carry_out(lambda: self._tls.write(data))

    def recv(self, size: int) -> bytes:
        """Plaintext; ``b""`` at the end of the stream, whether TLS was ended before it or not."""
        try:
            return self._carry_out(lambda: self._tls.read(size))
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""

    def settimeout(self, seconds: float) -> None:
        self._sock.settimeout(seconds)

    def close(self) -> None:
        self._sock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _carry_out(self, step: Callable[[], T]) -> T:
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                self._flush()
                self._take_in()
            except ssl.SSLError:
                with suppress(OSError):
                    self._flush()  # the alert that says why
                raise
            else:
                self._flush()
                return done

    def _flush(self) -> None:
        if waiting := self._out.read():
            self._sock.sendall(waiting)

    def _take_in(self) -> None:
        arrived = self._sock.recv(65536)
        if arrived:
            self._in.write(arrived)
        else:
            self._in.write_eof()
