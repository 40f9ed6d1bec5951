"""Numbers with their units written out: ``2 s``, ``40 ms``, ``5 min``, ``120 bytes``, ``3 KB``.

A bare number is refused: a reader of a scenario must never guess what ``30`` meant.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

SECONDS_IN = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
BYTES_IN = {"byte": 1, "bytes": 1, "KB": 1000, "MB": 1_000_000}

_QUANTITY = re.compile(r"\s*(?P<number>-?\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-z]*)\s*")


def _parsed(text: str, units: dict[str, Any], example: str) -> float:
    match = _QUANTITY.fullmatch(text)
    if match is None or match["unit"] not in units:
        raise ValueError(f"{text!r} needs a number and one of the units {', '.join(units)}, such as {example!r}")
    return float(
        Decimal(match["number"]) * Decimal(str(units[match["unit"]]))
    )  # exact: 9 ms is 0.009, not 0.009000000000000001


def _seconds(value: object) -> object:
    """Text with a unit; a float is taken only from code, where the name of the field says seconds."""
    if isinstance(value, str):
        return _parsed(value, SECONDS_IN, "2 s")
    if isinstance(value, float):
        return value
    raise ValueError(f"{value!r} needs a unit: one of {', '.join(SECONDS_IN)}, such as '2 s'")


def _bytes(value: object) -> object:
    if isinstance(value, str):
        size = _parsed(value, BYTES_IN, "120 bytes")
        if size != int(size):
            raise ValueError(f"{value!r} is not a whole number of bytes")
        return int(size)
    raise ValueError(f"{value!r} needs a unit: one of {', '.join(BYTES_IN)}, such as '120 bytes'")


def seconds_text(seconds: float) -> str:
    """The shortest exact way to write a duration: ``0.04`` becomes ``40 ms``, ``2.0`` becomes ``2 s``."""
    exact = Decimal(repr(seconds))
    if 0 < exact < 1 and exact * 1000 % 1 == 0:
        return f"{exact * 1000:.0f} ms"
    return f"{exact.normalize():f} s"  # never with an exponent, which could not be read back


def bytes_text(size: int) -> str:
    """``1`` becomes ``1 byte``, ``120`` becomes ``120 bytes``."""
    return "1 byte" if size == 1 else f"{size} bytes"


Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    Field(ge=0, allow_inf_nan=False),
    PlainSerializer(seconds_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)? ?(ms|s|min|h|d)$", "examples": ["2 s", "40 ms"]}),
]
"""A duration. In YAML and JSON: text with a unit. In Python: a float of seconds, or the same text."""

ByteCount = Annotated[
    int,
    BeforeValidator(_bytes),
    Field(ge=0),
    PlainSerializer(bytes_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)? ?(bytes?|KB|MB)$", "examples": ["120 bytes", "3 MB"]}),
]
"""A size. In YAML and JSON: text with a unit."""
