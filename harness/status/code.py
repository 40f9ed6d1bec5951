"""Result codes: what they are, how to look one up, and how one stands in a status message.

Whether an operation succeeded is never read from a code's sign: two codes of the success class say "cancelled".
Ask `Code.ending`. There is nothing else to ask.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from harness.status.advice import Advice
from harness.status.code_table import ROWS, Row
from harness.status.ending import Ending

__all__ = ["CODES", "Advice", "Code", "CodeName", "Ending", "UnknownCodeError", "catalogue", "code_named", "code_valued"]

_FAILURE_CLASS = 0x8000_0000


class UnknownCodeError(ValueError):
    """A name or value that no code has. A `ValueError`, so that pydantic reports it with its place."""


@dataclass(frozen=True, slots=True)
class Code:
    """One HRESULT that a DRM client may report.

    Args:
        name: As in nserror.h or winerror.h, ``NS_E_DRM_NO_RIGHTS``.
        value: The HRESULT as an unsigned 32-bit number.
        meaning: What happened, in words for a user; no capital, no full stop.
        advice: What to do about it.
        ending: How the operation ended that this code was reported for.

    Raises:
        ValueError: The value is no 32-bit number, or it and the ending contradict each other: a failure class value
            that ends SUCCEEDED, a success class value that ends FAILED.
    """

    name: str
    value: int
    meaning: str
    advice: Advice
    ending: Ending

    def __post_init__(self) -> None:
        if not 0 <= self.value <= 0xFFFF_FFFF:
            raise ValueError(f"{self.name}: {self.value:#x} is not an unsigned 32-bit number")
        contradiction = Ending.SUCCEEDED if self.value & _FAILURE_CLASS else Ending.FAILED
        if self.ending is contradiction:
            raise ValueError(f"{self.name}: the class of value 0x{self.value:08X} rules out the ending '{self.ending}'")

    @property
    def retryable(self) -> bool:
        """Whether the user may be offered the operation again: as advised, and always after a cancellation."""
        return self.advice.retryable or self.ending is Ending.CANCELLED


def catalogue(rows: Iterable[Row]) -> tuple[Code, ...]:
    """Make codes of table rows, in their order.

    Raises:
        ValueError: Two rows share a name or a value, or a row contradicts itself (see `Code`).
    """
    codes = tuple(Code(name, value, meaning, advice, ending) for name, value, ending, advice, meaning in rows)
    taken: dict[str | int, Code] = {}
    for code in codes:
        for key in (code.name, code.value):
            if key in taken:
                raise ValueError(f"{code.name} = 0x{code.value:08X}: {taken[key].name} has the same name or value")
            taken[key] = code
    return codes


CODES = catalogue(ROWS)
_BY_NAME = {code.name: code for code in CODES}
_BY_VALUE = {code.value: code for code in CODES}


def code_named(name: str) -> Code:
    """Return the code of that name.

    Raises:
        UnknownCodeError: There is none; the message suggests the nearest names.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    nearest = difflib.get_close_matches(name.upper(), _BY_NAME, n=3)
    hint = f"did you mean {' or '.join(nearest)}?" if nearest else "names are those of nserror.h, as NS_E_DRM_NO_RIGHTS"
    raise UnknownCodeError(f"no code is named {name!r}; {hint}")


def code_valued(value: int) -> Code | None:
    """Return the code of that HRESULT, written as an unsigned or as a signed 32-bit number; None if there is none."""
    return _BY_VALUE.get(_unsigned(value))


def _unsigned(value: int) -> int:
    """Undo the sign that C# and Java give an HRESULT; a number of more than 32 bits stays what it is."""
    return value + 2**32 if -(2**31) <= value < 0 else value


def _read(given: object) -> Code:
    """Find the code that a field was given: a code, its name, its value, or its value as a ``0x…`` text."""
    match given:
        case Code():
            return code_named(given.name)
        case str() if given[:2].lower() == "0x":
            return _read(_hexadecimal(given))
        case str():
            return code_named(given)
        case int() if not isinstance(given, bool):  # False is 0, and 0 is S_OK
            if code := code_valued(given):
                return code
            raise UnknownCodeError(f"no code has the value 0x{_unsigned(given):08X}; look for its name in nserror.h")
    raise UnknownCodeError(f"a code is given by its name or value, not by {given!r}")


def _hexadecimal(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError as error:
        raise UnknownCodeError(f"{text!r} is not a hexadecimal number") from error


def _name(code: Code) -> str:
    return code.name


CodeName = Annotated[
    Code,
    PlainValidator(_read, json_schema_input_type=str | int),
    PlainSerializer(_name, return_type=str),
]
"""A pydantic field that reads a code, its name, or its value (a number or ``0x…``), and writes the name."""
