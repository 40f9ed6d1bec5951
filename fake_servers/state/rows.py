"""What a store remembers, as rows of a state file: each record's key and value as JSON, and back."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pydantic import ConfigDict, PlainSerializer, TypeAdapter

from fake_servers.records import Device, Kind, Page, Removal
from fake_servers.services.decision import Decision, ServiceRequest


class Row(NamedTuple):
    """One record. ``value`` is None once it is forgotten."""

    kind: str
    key: str
    value: str | None


class _Form(NamedTuple):
    """How a kind of record is written."""

    key: TypeAdapter[Any]
    value: TypeAdapter[Any]


_NAME: TypeAdapter[Any] = TypeAdapter(str)
_OF_DEVICE: TypeAdapter[Any] = TypeAdapter(tuple[str, str])
_AS_BASE64 = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

# fmt: off
FORMS = {
    Kind.DEVICE:      _Form(_NAME,      TypeAdapter(Device)),
    Kind.NONCE:       _Form(_OF_DEVICE, TypeAdapter(None)),
    Kind.KEPT:        _Form(_OF_DEVICE, TypeAdapter(tuple[ServiceRequest, Decision], config=_AS_BASE64)),
    Kind.PAGE:        _Form(_NAME,      TypeAdapter(Page)),
    Kind.REMOVAL:     _Form(_NAME,      TypeAdapter(Removal)),
    Kind.BACKUP:      _Form(_NAME,      TypeAdapter(tuple[str, ...])),
    Kind.RESTORED_TO: _Form(_NAME,      TypeAdapter(Annotated[set[str], PlainSerializer(sorted)])),
}
# fmt: on
"""A change here is a new format of the file: count ``file.FORMAT`` up, and say how the old one is read."""


def row_of(kind: Kind, key: Any, value: Any) -> Row:
    """A record as a row."""
    form = FORMS[kind]
    return Row(kind.value, form.key.dump_json(key).decode(), form.value.dump_json(value).decode())


def forgotten_row(kind: Kind, key: Any) -> Row:
    """A record that is there no more."""
    return Row(kind.value, FORMS[kind].key.dump_json(key).decode(), None)


def record_of(kind: str, key: str, value: str) -> tuple[Kind, Any, Any]:
    """The record that a row holds.

    Raises:
        ValueError: It holds none.
    """
    form = FORMS[Kind(kind)]
    return Kind(kind), form.key.validate_json(key), form.value.validate_json(value)
