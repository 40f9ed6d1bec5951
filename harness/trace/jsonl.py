"""A trace as JSON Lines: the head in the first line, then one entry a line. The same trace always gives the same bytes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TextIO, TypeVar

from pydantic import TypeAdapter, ValidationError

import fake_servers.faults  # noqa: F401  # registers the faults that a head's scenario names
from harness.errors import TraceError
from harness.trace.entry import Entry
from harness.trace.trace import FORMAT, Head, Trace

M = TypeVar("M")

ENTRY, HEAD = TypeAdapter(Entry), TypeAdapter(Head)


def write_trace(trace: Trace, file: TextIO) -> None:
    """Write the trace: UTF-8 text, keys sorted, no spaces, every line ended by a newline."""
    file.write(line_of(trace.head) + "\n")
    for entry in trace.entries:
        file.write(line_of(entry) + "\n")


def read_trace(path: Path | str) -> Trace:
    """Read what ``write_trace`` wrote.

    Raises:
        TraceError: The file cannot be read, or one of its lines is not what it should be; the text says which and why.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TraceError(f"{path}: cannot be read as a trace: {error}") from error
    head_line, *lines = text.removesuffix("\n").split("\n")  # not splitlines(): JSON leaves U+2028 and its like as they are
    head = _head_from(head_line, f"{path}:1")
    entries = tuple(_read(ENTRY, "entry", line, f"{path}:{number}") for number, line in enumerate(lines, start=2))
    for place, entry in enumerate(entries):
        if entry.n != place:
            raise TraceError(f"{path}:{place + 2}: expected entry {place}, found entry {entry.n}; a line is missing or doubled")
    return Trace(head=head, entries=entries)


def line_of(part: Head | Entry) -> str:
    """One line, without its newline."""
    plain = ENTRY.dump_python(part) if isinstance(part, Entry) else HEAD.dump_python(part)
    return json.dumps(plain, default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _plain(value: object) -> object:
    """What JSON has no word for. Sets are sorted, since their own order differs from process to process."""
    match value:
        case frozenset() | set():
            return sorted(value)
        case datetime():
            return value.isoformat()
    raise TypeError(f"{value!r} has no place in a trace")


def _head_from(line: str, where: str) -> Head:
    found = _json(line, where)
    if isinstance(found, dict) and found.get("format", FORMAT) != FORMAT:
        raise TraceError(f"{where}: format {found['format']!r}; this version reads format {FORMAT}")
    return _read(HEAD, "head", line, where)


def _read(kind: TypeAdapter[M], name: str, line: str, where: str) -> M:
    try:
        return kind.validate_python(_json(line, where))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the line"
        raise TraceError(f"{where}: not a trace's {name}: {place}: {first['msg']}") from error


def _json(line: str, where: str) -> object:
    try:
        return json.loads(line, parse_constant=_no_number)
    except ValueError as error:
        raise TraceError(f"{where}: not JSON: {error}") from error


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number in JSON")
