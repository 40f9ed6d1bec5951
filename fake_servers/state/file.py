"""A state file: what the stores of many sessions know, in one SQLite database, one transaction for each answer.

It is written ahead (WAL) and held by one server alone from its first read to its end, also if that is a SIGKILL: the locks are
the kernel's. Whoever is killed leaves whole transactions, which the next one to open the file finds; that takes no more than to
hand them to the kernel. To survive a loss of power, too, each one is seen onto the disk before its answer leaves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import StrEnum
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from fake_servers.clock import Clock
from fake_servers.given import Given
from fake_servers.state import words
from fake_servers.state.rows import Row
from fake_servers.state.store import FiledStore
from fake_servers.store import MOST, OnChange

FORMAT = 1
APPLICATION = 0x64726D68  # "drmh"; so `file` and other programs tell whose database it is

SCHEMA = f"""
CREATE TABLE session (
    name      TEXT PRIMARY KEY,
    given     TEXT NOT NULL,    -- JSON: how things stood before its first request
    forgotten INTEGER NOT NULL  -- records that are not here any more
);
CREATE TABLE record (
    id      INTEGER PRIMARY KEY,  -- the oldest is the lowest
    session TEXT NOT NULL REFERENCES session (name) ON DELETE CASCADE,
    kind    TEXT NOT NULL,
    key     TEXT NOT NULL,        -- JSON, as is the value
    value   TEXT NOT NULL,
    UNIQUE (session, kind, key)
);
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
"""


Ask = Callable[..., sqlite3.Cursor]


class Survives(StrEnum):
    """What an answer that left can no longer be undone by."""

    POWER_LOSS = "power-loss"
    KILL = "kill"  # also a crash of the server, but not one of the machine


class StateFile:
    """The stores of sessions, in a file; a context manager that closes it.

    Args:
        path: Made if it is not there, in a folder that is.
        survives: By default each answer waits for the disk, which takes milliseconds, and everybody else waits with it.
        most: Things of each kind that a store remembers.

    Raises:
        StateError: The file cannot be used.
    """

    def __init__(self, path: Path, *, survives: Survives = Survives.POWER_LOSS, most: int = MOST) -> None:
        self.path, self._most = path, most
        with self._in_words():
            self._database = sqlite3.connect(path, timeout=0, isolation_level=None)
            try:
                self._take_possession(survives)
            except BaseException:
                self._database.close()
                raise

    def _take_possession(self, survives: Survives) -> None:
        ask = self._database.execute
        ask("PRAGMA locking_mode = EXCLUSIVE")
        (application,), (found,) = ask("PRAGMA application_id").fetchone(), ask("PRAGMA user_version").fetchone()
        is_new = not ask("SELECT count(*) FROM sqlite_schema").fetchone()[0] and not application
        if not is_new and application != APPLICATION:
            raise words.of_another_program(self.path)
        if found > FORMAT:
            raise words.of_a_newer_version(self.path, found, FORMAT)
        ask("PRAGMA journal_mode = WAL")
        ask(f"PRAGMA synchronous = {'FULL' if survives is Survives.POWER_LOSS else 'NORMAL'}")
        ask("PRAGMA fullfsync = ON")  # where a disk is told to write (macOS), else it does nothing
        ask("PRAGMA foreign_keys = ON")
        with self._transaction():  # takes the lock of the one who writes, and keeps it
            if is_new:
                for statement in SCHEMA.split(";\n"):
                    ask(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let others have the file. May be called again."""
        self._database.close()

    # ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self, session: str, given: Given, *, clock: Clock, rng: Random, on_change: OnChange, anew: bool) -> FiledStore:
        """The store of a session: as it was left, or ``anew``.

        Raises:
            StateError: It cannot be read or written, or began with another ``given``.
        """
        with self._in_words():
            found = self._database.execute("SELECT given FROM session WHERE name = ?", (session,)).fetchone()
            if found is not None and not anew:
                self._check_given(session, given, found[0])
            else:
                with self._transaction() as ask:
                    ask("DELETE FROM session WHERE name = ?", (session,))
                    ask("INSERT INTO session VALUES (?, ?, 0)", (session, given.model_dump_json()))
        try:
            return FiledStore(self, session, given, clock=clock, rng=rng, on_change=on_change, most=self._most)
        except ValueError as error:
            raise words.not_readable(self.path, session) from error

    def _check_given(self, session: str, given: Given, found: str) -> None:
        try:
            is_same = Given.model_validate_json(found) == given
        except ValidationError as error:
            raise words.not_readable(self.path, session) from error
        if not is_same:
            raise words.begun_otherwise(self.path, session)

    def forget(self, session: str) -> None:
        """Nobody will ask for what this session knew.

        Raises:
            StateError: It cannot be written.
        """
        with self._in_words(), self._transaction() as ask:
            ask("DELETE FROM session WHERE name = ?", (session,))

    # ── what a store of a session reads and writes ───────────────────────────────────────────────────────────────────

    def read(self, session: str) -> tuple[int, list[tuple[str, str, str]]]:
        """How much was forgotten, and the rows of all records, oldest first.

        Raises:
            StateError: It cannot be read.
        """
        with self._in_words():
            ask = self._database.execute
            (forgotten,) = ask("SELECT forgotten FROM session WHERE name = ?", (session,)).fetchone()
            rows = ask("SELECT kind, key, value FROM record WHERE session = ? ORDER BY id", (session,))
            return forgotten, rows.fetchall()

    def write(self, session: str, rows: Iterable[Row], forgotten: int) -> None:
        """All of it, or nothing.

        Raises:
            StateError: Nothing was written.
        """
        with self._in_words(), self._transaction() as ask:
            for kind, key, value in rows:
                if value is None:
                    ask("DELETE FROM record WHERE (session, kind, key) = (?, ?, ?)", (session, kind, key))
                else:
                    ask(
                        "INSERT INTO record (session, kind, key, value) VALUES (?, ?, ?, ?) "
                        "ON CONFLICT DO UPDATE SET value = excluded.value",
                        (session, kind, key, value),
                    )
            ask("UPDATE session SET forgotten = ? WHERE name = ? AND forgotten <> ?", (forgotten, session, forgotten))

    @contextmanager
    def _transaction(self) -> Iterator[Ask]:
        ask = self._database.execute
        ask("BEGIN IMMEDIATE")
        try:
            yield ask
            ask("COMMIT")
        except BaseException:
            if self._database.in_transaction:  # some failures have ended it
                ask("ROLLBACK")
            raise

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise words.failure(self.path, error) from error


def state_file(path: Path | None, survives: str | None) -> AbstractContextManager[StateFile | None]:
    """What the options ``--state`` and ``--state-survives`` ask for.

    Raises:
        StateError: The file cannot be used.
    """
    if path is None:
        return nullcontext()
    return StateFile(path, survives=Survives(survives or Survives.POWER_LOSS))
