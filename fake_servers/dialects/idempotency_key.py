"""The ``Idempotency-Key`` header of draft-ietf-httpapi-idempotency-key-header: a String of RFC 8941 section 3.3.3."""

from __future__ import annotations

import re

HEADER = "idempotency-key"

_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')


def write_key(key: str) -> str:
    """The header's value.

    Raises:
        ValueError: The key holds something else than printable ASCII.
    """
    value = '"' + re.sub(r'(["\\])', r"\\\1", key) + '"'
    if not _STRING.fullmatch(value):
        raise ValueError(f"an idempotency key is printable ASCII, not {key!r}")
    return value


def read_key(value: str) -> str:
    """The key in a header's value; ``""`` if the header is absent.

    Raises:
        ValueError: The value is not one quoted string.
    """
    if not value:
        return ""
    match = _STRING.fullmatch(value.strip(" \t"))
    if match is None:
        raise ValueError('Idempotency-Key is not a quoted string, such as "8e03978e"')
    return re.sub(r"\\(.)", r"\1", match[1])
