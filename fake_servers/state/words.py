"""What is wrong with a state file, in words: what, and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from fake_servers.errors import BegunOtherwiseError, StateError

OTHER_FILE = "name another file, or one that does not exist yet"
LET_WRITE = "let this user write the file and its folder, or name another file"

# By the beginning of SQLite's own name for it (sqlite.org/rescode.html).
# fmt: off
WORDS = {
    "SQLITE_NOTADB":   ("is no database",                                OTHER_FILE),
    "SQLITE_BUSY":     ("is in use by another server",                   "stop that one, or name another file"),
    "SQLITE_FULL":     ("takes nothing more, for the disk is full",      "make room, and all goes on"),
    "SQLITE_READONLY": ("cannot be written",                             LET_WRITE),
    "SQLITE_CANTOPEN": ("cannot be opened",                              LET_WRITE),
    "SQLITE_PERM":     ("cannot be opened",                              LET_WRITE),
    "SQLITE_CORRUPT":  ("is damaged",                                    "put a copy in its place, or name another file"),
    "SQLITE_IOERR":    ("cannot be read or written, for the disk fails", "look to the disk, or name another file"),
}
# fmt: on


def failure(path: Path, error: sqlite3.Error) -> StateError:
    """What SQLite says, for people."""
    if path.is_dir():
        return _wrong(path, "cannot be, for that is a folder", OTHER_FILE)
    if not path.parent.is_dir():
        return _wrong(path, f"cannot be made, for there is no folder {path.parent}", "make it, or name another file")
    code = getattr(error, "sqlite_errorname", "")
    fitting = (words for beginning, words in WORDS.items() if code.startswith(beginning))
    return _wrong(path, *next(fitting, (f"cannot be used ({error})", OTHER_FILE)))


def of_another_program(path: Path) -> StateError:
    return _wrong(path, "is a database of another program", OTHER_FILE)


def of_a_newer_version(path: Path, found: int, known: int) -> StateError:
    what = f"was written by a newer drm-harness (its format is {found}, and this one reads up to {known})"
    return _wrong(path, what, "use that one, or name another file")


def not_readable(path: Path, session: str) -> StateError:
    return _wrong(path, f"holds of session {session!r} what this drm-harness cannot read", OTHER_FILE)


def begun_otherwise(path: Path, session: str) -> StateError:
    what = f"the state file {path} holds a session {session!r} that began with another 'given'"
    return BegunOtherwiseError(what, "open it as it began, or choose another name or file")


def _wrong(path: Path, what: str, to_do: str) -> StateError:
    return StateError(f"the state file {path} {what}", to_do)
