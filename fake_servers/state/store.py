"""A session's truth that outlives the server: in memory as any other, and what an answer changes, in the file before it leaves.

Nothing is ever read from the file but at the start, so memory and file must not differ. What cannot be written is taken back in
memory, too: then it has not happened, nobody is told that it has, and whoever asked may ask again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from copy import deepcopy
from enum import Enum
from random import Random
from types import TracebackType
from typing import Any, Protocol, Self

from fake_servers.clock import Clock
from fake_servers.given import Given
from fake_servers.records import Kind
from fake_servers.state.rows import Row, forgotten_row, record_of, row_of
from fake_servers.store import MOST, OnChange, Store

CHANGED_IN_PLACE = frozenset({Kind.DEVICE, Kind.RESTORED_TO})


class File(Protocol):
    """What holds the rows of sessions."""

    def read(self, session: str) -> tuple[int, list[tuple[str, str, str]]]: ...
    def write(self, session: str, rows: Iterator[Row], forgotten: int) -> None: ...


class _Absent(Enum):
    ABSENT = "absent"


ABSENT = _Absent.ABSENT


class FiledStore(Store):
    """The truth of one session, kept in a file.

    Args:
        session: By whose name it is kept there.

    Raises:
        StateError: The file cannot be read.
        ValueError: It holds what is no record.
    """

    def __init__(
        self, file: File, session: str, given: Given, *, clock: Clock, rng: Random, on_change: OnChange, most: int = MOST
    ) -> None:
        super().__init__(given, clock=clock, rng=rng, on_change=self._will_tell, most=most)
        self._file, self._session = file, session
        self._tell = on_change
        self._to_tell: list[tuple[str, str, dict[str, Any]]] = []
        self._before: dict[tuple[Kind, Any], Any] = {}  # of what this answer changes: as it was
        self._tables: dict[Kind, MutableMapping[Any, Any]] = {
            Kind.DEVICE: self._devices,
            Kind.NONCE: self._nonces,
            Kind.KEPT: self._kept,
            Kind.PAGE: self._pages,
            Kind.REMOVAL: self._removals,
            Kind.BACKUP: self._backups,
            Kind.RESTORED_TO: self._restored_to,
        }
        self.forgotten, rows = file.read(session)
        self._forgotten_before = self.forgotten
        for row in rows:
            kind, key, value = record_of(*row)
            self._tables[kind][key] = value
        self._index()

    def __enter__(self) -> Self:
        self._forgotten_before = self.forgotten
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if exc_type is not None:
            self._take_back()
        elif self._before:
            try:
                self._file.write(self._session, self._rows(), self.forgotten)
            except BaseException:
                self._take_back()
                raise
        self._before.clear()
        told, self._to_tell = self._to_tell, []
        for change in told:
            self._tell(*change)

    def _will_tell(self, service: str, what: str, data: dict[str, Any]) -> None:
        self._to_tell.append((service, what, data))

    def _touch(self, kind: Kind, key: Any) -> None:
        if (kind, key) not in self._before:
            was = self._tables[kind].get(key, ABSENT)
            self._before[kind, key] = deepcopy(was) if kind in CHANGED_IN_PLACE else was

    def _rows(self) -> Iterator[Row]:
        for kind, key in self._before:
            value = self._tables[kind].get(key, ABSENT)
            yield forgotten_row(kind, key) if value is ABSENT else row_of(kind, key, value)

    def _take_back(self) -> None:
        for (kind, key), was in reversed(self._before.items()):
            table = self._tables[kind]
            if was is ABSENT:
                table.pop(key, None)
                continue
            was_forgotten = key not in table
            table[key] = was
            if was_forgotten and isinstance(table, OrderedDict):
                table.move_to_end(key, last=False)  # it was the oldest
        self._before.clear()
        self._to_tell.clear()
        self.forgotten = self._forgotten_before
        self._index()

    def _index(self) -> None:
        """Pages and removals by what they are for, in their own order."""
        for index, table in ((self._page_of, self._pages), (self._removal_of, self._removals)):
            index.clear()
            index.update({(each.device, each.contents): token for token, each in table.items()})
