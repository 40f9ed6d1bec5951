"""Where the reply of an upstream begins and ends (RFC 9112), sans-IO. Its bytes stay as they came, chunked ones too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

LONGEST_LINE = 4096
"""Of a chunk's first line, and of a trailer."""

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: ([^\r\n]*))?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")


class NotHttp(Exception):  # noqa: N818  # it says what came, which is no error of ours
    """What came is no HTTP/1 reply; the text says where it stops being one, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a reply: everything up to the blank line, as it came."""

    status: int
    reason: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    def values(self, name: bytes) -> list[bytes]:
        """What stands under a name, given in lower case."""
        return [value for its_name, value in self.headers if its_name.lower() == name]


def head_of(data: bytes) -> Head:
    """The head that ``data`` is, blank line included.

    Raises:
        NotHttp: It is none.
    """
    first, *lines = data.removesuffix(b"\r\n\r\n").split(b"\r\n")
    status_line = _STATUS_LINE.fullmatch(first)
    if status_line is None:
        raise NotHttp("its first line is no status line of HTTP/1")
    fields: list[tuple[bytes, bytes]] = []
    for number, line in enumerate(lines, start=2):
        if line[:1] in (b" ", b"\t") and fields:  # a folded line, which a gateway unfolds (RFC 9112, 5.2)
            fields[-1] = (fields[-1][0], fields[-1][1] + b" " + line.strip())
            continue
        field = _FIELD.fullmatch(line)
        if field is None:
            raise NotHttp(f"line {number} of its head is no header")
        fields.append((field[1], field[2]))
    return Head(int(status_line[1]), status_line[2] or b"", tuple(fields))


class Body(Protocol):
    """Finds the end of a body.

    Attributes:
        is_complete: It has ended.
        length: Bytes from the head's end to the body's, if the head tells.
    """

    is_complete: bool
    length: int | None

    def feed(self, data: bytes) -> tuple[int, bytes]:
        """How many of these bytes belong to it, and what of them is content rather than framing.

        Raises:
            NotHttp: The framing is broken.
        """

    def ends(self) -> bool:
        """The connection ended; whether that is a proper end of the body."""


def body_of(head: Head, method: str) -> Body:
    """What follows a head (RFC 9112, 6.3).

    Raises:
        NotHttp: It cannot be told.
    """
    if method == "HEAD" or head.status < 200 or head.status in (204, 304):
        return Counted(0)
    if codings := b",".join(head.values(b"transfer-encoding")):
        return Chunked() if codings.split(b",")[-1].strip().lower() == b"chunked" else UntilClose()
    lengths = {value.strip() for values in head.values(b"content-length") for value in values.split(b",")}
    if not lengths:
        return UntilClose()
    length = lengths.pop()
    if lengths or not length.isdigit():
        raise NotHttp("its Content-Length is no number")
    return Counted(int(length))


class Counted:
    """As long as the head says."""

    def __init__(self, length: int) -> None:
        self.length: int | None = length
        self._left = length
        self.is_complete = length == 0

    def feed(self, data: bytes) -> tuple[int, bytes]:
        taken = data[: self._left]
        self._left -= len(taken)
        self.is_complete = self._left == 0
        return len(taken), taken

    def ends(self) -> bool:
        return self.is_complete


class UntilClose:
    """As long as the connection lasts."""

    def __init__(self) -> None:
        self.length: int | None = None
        self.is_complete = False

    def feed(self, data: bytes) -> tuple[int, bytes]:
        return len(data), data

    def ends(self) -> bool:
        self.is_complete = True
        return True


class Chunked:
    """Up to the last chunk and the trailers behind it."""

    def __init__(self) -> None:
        self.length: int | None = None
        self.is_complete = False
        self._line = bytearray()
        self._left = 0  # of the chunk that is coming
        self._awaits = self._size_line

    def feed(self, data: bytes) -> tuple[int, bytes]:
        content = bytearray()
        at = 0
        while at < len(data) and not self.is_complete:
            if self._left:
                piece = data[at : at + self._left]
                content += piece
                self._left -= len(piece)
            else:
                piece = self._line_from(data, at)
            at += len(piece)
        return at, bytes(content)

    def ends(self) -> bool:
        return self.is_complete

    def _line_from(self, data: bytes, at: int) -> bytes:
        end = data.find(b"\n", at)
        piece = data[at : end + 1] if end >= 0 else data[at:]
        self._line += piece
        if len(self._line) > LONGEST_LINE:
            raise NotHttp("a line within its chunked body has no end")
        if end >= 0:
            line, self._line = bytes(self._line), bytearray()
            self._awaits(line.rstrip(b"\r\n"))
        return piece

    def _size_line(self, line: bytes) -> None:
        size = _CHUNK_SIZE.fullmatch(line)
        if size is None:
            raise NotHttp("a chunk of its body begins without a size")
        self._left = int(size[1], 16)
        self._awaits = self._chunk_end if self._left else self._trailer

    def _chunk_end(self, line: bytes) -> None:
        if line:
            raise NotHttp("a chunk of its body is longer than it says")
        self._awaits = self._size_line

    def _trailer(self, line: bytes) -> None:
        self.is_complete = not line
