"""The test keys of content names, and how a key id is written. Nothing here is secret: everyone can compute every key.

A content goes by its plain name (``film``), or, where only its key id is known, by that id as Clear Key writes it: base64url
without padding. A name that happens to read like a key id of 16 bytes is taken for one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from functools import lru_cache

KEY_BYTES = 16
"""Length of a key and of a key id in ISO/IEC 23001-7 (``cenc``)."""

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


@lru_cache(maxsize=1024)  # each request asks for the ids of the same few contents, several times
def key_id(content: str) -> bytes:
    """The 16 bytes of the content's key id."""
    if is_key_id_text(content):
        return from_base64url(content)
    return hashlib.sha256(b"kid:" + content.encode()).digest()[:KEY_BYTES]


@lru_cache(maxsize=1024)
def key_id_text(content: str) -> str:
    """The content's key id in base64url; one that is such a text already stands for itself.

    Two texts mean the same content if this gives the same for both.
    """
    return base64url(key_id(content))


def is_key_id_text(text: str) -> bool:
    """Whether ``text`` is a key id of 16 bytes in base64url, as ``key_id_text`` would write it."""
    try:
        decoded = from_base64url(text)
    except ValueError:
        return False
    return len(decoded) == KEY_BYTES and base64url(decoded) == text


@lru_cache(maxsize=1024)
def content_key(content: str) -> bytes:
    """The 16 bytes of the content's test key."""
    return hashlib.sha256(b"key:" + content.encode()).digest()[:KEY_BYTES]


def check_of(key: bytes) -> str:
    """The check value of a key: the first 8 bytes of its SHA-256 in hex."""
    return hashlib.sha256(key).digest()[:8].hex()


def key_check(content: str) -> str:
    """The check value that the content's header carries: it tells the right key from a wrong one without telling the key."""
    return check_of(content_key(content))


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5, as RFC 7515 section 2 wants it)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes of an unpadded base64url text.

    Raises:
        ValueError: It is empty, is padded, or holds other characters than base64url has.
    """
    if not _BASE64URL.fullmatch(text):
        raise ValueError(f"{text!r} is not base64url without padding")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(f"{text!r} has a length that base64url cannot have") from error
