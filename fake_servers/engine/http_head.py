"""The head of a reply, as the fake servers and their faults write it. Imports neither, so that both can import it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

PHRASES = {known.value: known.phrase for known in HTTPStatus}

OURS = {"content-length", "date", "connection"}
"""Headers that no reply brings along; what lies in them is sent as a RawReply."""

_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def head_of(status: int, fields: Mapping[str, str]) -> bytes:
    """A head, from the status line to the empty line.

    Raises:
        ValueError: A header holds a control character.
    """
    lines = [f"HTTP/1.1 {status} {PHRASES.get(status, 'Unknown')}", *(f"{name}: {value}" for name, value in fields.items())]
    if _FORBIDDEN.search("".join(lines)):
        raise ValueError(f"a header of the reply holds a control character: {fields!r}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
