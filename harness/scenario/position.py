"""YAML text as plain values, with the place in the file of every key and value. Knows nothing of scenarios.

YAML 1.2 by its core schema, so ``yes``, ``no`` and ``on`` are words. Numbers with a point stay text: ``2.10`` is a version as
well as a number, and only the field that it is meant for knows which. Tags, second documents, doubled keys and anything that
unfolds into a flood of values are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

LARGEST_FILE = 256_000
MOST_VALUES = 20_000  # far beyond any scenario; aliases of aliases reach it within a few lines
DEEPEST = 20

Path = tuple[str | int, ...]
"""Where a value stands in its document: ``("faults", 0, "when", "nth")``."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Line and column, both from 1; columns count characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with a file, and what to do about it."""

    position: Position
    what: str
    to_do: str

    def shown(self, file: str) -> str:
        """As a person reads it: ``file:line:column: what``, and below it what to do."""
        return f"{file}:{self.position.line}:{self.position.column}: {self.what}\n  {self.to_do}"


class UnreadableError(Exception):
    """The text is no YAML of ours; nothing after the problem was read."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.what)


@dataclass(slots=True)
class Document:
    """What a YAML text holds: dicts, lists, texts, ints, bools and None; and where each of them stands."""

    value: object = None
    problems: list[Problem] = field(default_factory=list)
    keys: dict[Path, Position] = field(default_factory=dict)
    values: dict[Path, Position] = field(default_factory=dict)

    def at_key(self, path: Path) -> Position:
        """Where the key of this value stands, or of the nearest one around it."""
        return self.keys.get(path) or self.at_value(path)

    def at_value(self, path: Path) -> Position:
        """Where this value begins, or the nearest one around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Position(1, 1))


def read_yaml(text: str) -> Document:
    """Read one YAML document. Doubled keys are told in ``problems``; the first of them counts.

    Raises:
        UnreadableError: The text cannot be read to its end.
    """
    try:
        return _Reading(text).document()
    except ReaderError as error:
        place = _position_of(text, int(error.position))
        raise UnreadableError(
            Problem(place, f"character U+{ord(text[error.position]):04X} cannot stand in YAML", "remove it, or save as UTF-8")
        ) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
        what = " ".join(str(error.problem or error.context or "it cannot be read").replace("\x00", "end of file").split())
        raise UnreadableError(
            Problem(place, f"this is not YAML: {what}", "look at the indentation, brackets and quotes here and just before")
        ) from error
    except (YAMLError, ValueError, OverflowError, IndexError, AssertionError) as error:
        # The parser's own slips, say an escape beyond Unicode: the file is at fault all the same.
        raise UnreadableError(
            Problem(Position(1, 1), f"this is not YAML: {error}", "look for unusual escapes, tags and directives")
        ) from error


class _Reading:
    """One pass over the parser's events."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
        self._document = Document()
        self._anchors: dict[str, object] = {}
        self._count = 0

    def document(self) -> Document:
        started = False
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if started:
                    raise _unreadable(event, "a second document begins here", "keep one document a file; remove the '---'")
                started = True
                self._document.value = self._value(next(self._events), ())
        return self._document

    def _value(self, event: Event, path: Path) -> object:
        self._document.values[path] = _start(event)
        self._count_one(event, path)
        if isinstance(event, AliasEvent):
            return self._aliased(event, path)
        assert isinstance(event, NodeEvent)
        _refuse_tag(event)
        value: object
        if isinstance(event, ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, SequenceStartEvent):
            value = self._list(path)
        else:
            assert isinstance(event, MappingStartEvent)
            value = self._mapping(path)
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _list(self, path: Path) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, object]:
        entries: dict[str, object] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise _unreadable(event, "a key must be a plain word", "write 'key: value'")
            _refuse_tag(event)
            key = str(event.value)
            if key in entries:
                first = self._document.keys[(*path, key)]
                what = f"the key {key!r} stands twice; it stood in line {first.line} already"
                self._document.problems.append(Problem(_start(event), what, "remove one of the two"))
                self._value(next(self._events), (*path, f"{key} (again)"))
                continue
            self._document.keys[*path, key] = _start(event)
            value = next(self._events)
            entries[key] = self._value(value, (*path, key))
            if isinstance(value, ScalarEvent) and not value.value and not value.style:
                # The parser finds nothing only where the next thing begins; a reader looks for it after the colon.
                self._document.values[*path, key] = Position(event.end_mark.line + 1, event.end_mark.column + 2)
        return entries

    def _aliased(self, event: AliasEvent, path: Path) -> object:
        """A copy of what the anchor named. Its parts stand, for errors, where the alias stands."""
        if event.anchor not in self._anchors:
            raise _unreadable(event, f"nothing above is named '&{event.anchor}'", "define the anchor first, or write it out")
        return self._copied(self._anchors[event.anchor], event, path)

    def _copied(self, value: object, event: AliasEvent, path: Path) -> object:
        self._count_one(event, path)
        if isinstance(value, list):
            return [self._copied(item, event, (*path, n)) for n, item in enumerate(value)]
        if isinstance(value, dict):
            return {key: self._copied(item, event, (*path, key)) for key, item in value.items()}
        return value

    def _count_one(self, event: Event, path: Path) -> None:
        self._count += 1
        if self._count > MOST_VALUES:
            raise _unreadable(event, f"more than {MOST_VALUES} values", "split the file, and write less with aliases")
        if len(path) > DEEPEST:
            raise _unreadable(
                event, f"nested more than {DEEPEST} levels deep", "no part of a file needs that; look for brackets"
            )


# YAML 1.2, 10.3: how a plain scalar of the core schema reads. Numbers that no field could take stay text.
_CORE: tuple[tuple[re.Pattern[str], object], ...] = (
    (re.compile(r"|~|null|Null|NULL"), None),
    (re.compile(r"true|True|TRUE"), True),
    (re.compile(r"false|False|FALSE"), False),
)
_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)


def _scalar(event: ScalarEvent) -> object:
    text = str(event.value)
    if event.style:  # quoted or a block: always text
        return text
    for pattern, value in _CORE:
        if pattern.fullmatch(text):
            return value
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


def _refuse_tag(event: NodeEvent) -> None:
    tag = getattr(event, "ctag", None)
    if tag is not None:
        raise _unreadable(event, f"the tag {str(tag)!r} means nothing here", "remove it; quotes make anything text")


def _unreadable(event: Event, what: str, to_do: str) -> UnreadableError:
    return UnreadableError(Problem(_start(event), what, to_do))


def _start(event: Event) -> Position:
    return Position(event.start_mark.line + 1, event.start_mark.column + 1)


def _position_of(text: str, index: int) -> Position:
    before = text[:index]
    return Position(before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)
