"""Pydantic's complaints, in words for testers: where, what is wrong, what to do. Names no class and no type of Python."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from harness.scenario.fields import annotation_at, keys_of, model_in, texts_of, words_in
from harness.scenario.position import Document, Path, Problem

M = TypeVar("M", bound=BaseModel)

FEW = 8  # so many words are read at a glance; of more, the nearest is enough

# fmt: off
NEEDS = {
    "a mapping":      "write {key: value}, or indented lines of 'key: value'",
    "a list":         "write [one, two], or lines that begin with '- '",
    "text":           "put it in quotes",
    "true or false":  "write true or false, without quotes",
    "a whole number": "write digits only",
    "a number":       "write digits, with a point where needed",
    "a date":         "write 2026-01-31 or 2026-01-31T12:00:00Z",
}
NEED_OF = {
    "model_type": "a mapping", "model_attributes_type": "a mapping", "dict_type": "a mapping",
    "tuple_type": "a list", "list_type": "a list", "set_type": "a list", "frozen_set_type": "a list",
    "string_type": "text", "string_unicode": "text",
    "bool_type": "true or false", "bool_parsing": "true or false",
    "int_type": "a whole number", "int_parsing": "a whole number", "int_from_float": "a whole number",
    "float_type": "a number", "float_parsing": "a number", "finite_number": "a number",
    "datetime_type": "a date", "datetime_parsing": "a date", "datetime_from_date_parsing": "a date",
    "datetime_object_invalid": "a date",
}
BOUNDS = {
    "greater_than_equal": ("ge", "is too small", "at least {}"),
    "greater_than":       ("gt", "is too small", "more than {}"),
    "less_than_equal":    ("le", "is too large", "at most {}"),
    "less_than":          ("lt", "is too large", "less than {}"),
    "string_too_short":   ("min_length", "is too short", "at least {} characters"),
    "too_short":          ("min_length", "has too few entries", "at least {}"),
}
# fmt: on
_WORD_KINDS = {"enum", "literal_error"}
_UNITS = re.compile(r"one of (?:the units )?(?P<units>[^;]+), such as (?P<example>.+)$")


def problems_of(
    error: ValidationError, document: Document, model: type[BaseModel], at: Path = (), called: str = "this"
) -> list[Problem]:
    """One problem for each thing that ``error`` says is wrong; the branches of a union count as one.

    Args:
        error: What pydantic raised.
        document: Where the values stand.
        model: What was validated.
        at: Where its value stands in the document.
        called: What a reader calls it, such as ``a scenario`` or ``fault 'drip'``.
    """
    complaints = [(_data_path(document, at, detail), detail) for detail in error.errors(include_url=False)]
    deeper = {path[:length] for path, _ in complaints for length in range(len(path))}
    told: dict[Path, Problem] = {}
    for path, detail in complaints:
        is_other_branch = path in deeper and (detail["type"] in _WORD_KINDS or detail["type"] in NEED_OF)
        if path not in told and not is_other_branch:
            told[path] = _Complaint(document, model, at, path, called).problem(detail)
    return list(told.values())


def validated(
    document: Document, model: type[M], value: object, *, at: Path = (), called: str
) -> tuple[M | None, list[Problem]]:
    """The value as ``model`` reads it, or None and why not. Keys go by the names that users write."""
    try:
        return model.model_validate(value, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, problems_of(error, document, model, at, called)


def nearest(word: str, words: Iterable[str], title: str) -> str:
    """``did you mean 'cancel'?``, and the words themselves where they are few or none is near."""
    known = [str(each) for each in words]
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    asked = f"did you mean {near[0]!r}?" if near else ""
    if asked and len(known) > FEW:
        return asked
    return f"{asked} {title}: {', '.join(known) or 'none'}".strip()


def value_text(value: object) -> str:
    """A value as its reader would know it again, on one short line."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def name_of(path: Path, called: str = "this") -> str:
    """``'after'``, ``entry 2 of 'user'``; ``called`` for the whole."""
    if not path:
        return called
    if isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of {name_of(path[:-1], called)}"
    return repr(path[-1])


def inside(value: object, path: Path) -> object:
    """What stands there; None where nothing does."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _data_path(document: Document, at: Path, detail: ErrorDetails) -> Path:
    """The complaint's steps that the data has, too: those that name a union's branch fall away, a missing key stays."""
    value = inside(document.value, at)
    path: Path = ()
    for step in detail["loc"]:
        is_there = step in value if isinstance(value, dict) else isinstance(value, list) and isinstance(step, int)
        if is_there:
            value = inside(value, (step,))
            path = (*path, step)
    return (*path, detail["loc"][-1]) if detail["type"] == "missing" else path


class _Complaint:
    """One complaint of pydantic's, being put into words."""

    def __init__(self, document: Document, model: type[BaseModel], at: Path, path: Path, called: str) -> None:
        self._document, self._model, self._at, self._path, self._called = document, model, at, path, called
        self._value = inside(document.value, (*at, *path))
        self._name = name_of(path, called)

    def problem(self, detail: ErrorDetails) -> Problem:
        if detail["type"] == "missing":
            return self._missing()
        if detail["type"] == "extra_forbidden":
            return self._unknown_key()
        what, to_do = self._wrong_value(detail)
        return Problem(self._document.at_value((*self._at, *self._path)), what, to_do)

    def _missing(self) -> Problem:
        owner = self._path[:-1]
        position = self._document.at_value((*self._at, *owner))
        return Problem(position, f"{name_of(owner, self._called)} needs {self._name}", f"add it. {self._explained()}")

    def _unknown_key(self) -> Problem:
        owner = self._path[:-1]
        model = model_in(annotation_at(self._model, owner)) or self._model
        what = f"{name_of(owner, self._called)} has no key {self._name}"
        to_do = nearest(str(self._path[-1]), keys_of(model), "Its keys")
        return Problem(self._document.at_key((*self._at, *self._path)), what, to_do)

    def _wrong_value(self, detail: ErrorDetails) -> tuple[str, str]:
        kind, context, shown = detail["type"], detail.get("ctx", {}), value_text(self._value)
        words = words_in(annotation_at(self._model, self._path))
        if words and (kind in _WORD_KINDS or kind in NEED_OF):
            word = self._value if isinstance(self._value, str) else ""
            return f"{self._name} cannot be {shown}", nearest(word, words, "Words")
        if kind in NEED_OF:
            need = NEED_OF[kind]
            to_do = NEEDS[need] if self._value is not None else "write it after the colon, or remove the key"
            return f"{self._name} needs {need}, not {shown}", to_do
        if kind in BOUNDS:
            key, what, bound = BOUNDS[kind]
            return f"{self._name} {what}: {shown}", f"write {bound.format(context[key])}. {self._explained()}"
        if kind == "string_pattern_mismatch":
            return f"{self._name} has not the right form: {shown}", self._explained()
        if kind == "value_error":
            return self._refused(str(context["error"]))
        return f"{self._name} cannot be {shown}: {_lower_first(detail['msg'])}", self._explained()

    def _refused(self, text: str) -> tuple[str, str]:
        """A validator of ours says why, and mostly what to do."""
        if units := _UNITS.search(text):
            what = f"{self._name} needs a number with a unit, not {value_text(self._value)}"
            return what, f"write {units['example']}. Units: {units['units']}"
        for mark in ("; ", ": "):
            what, found, to_do = text.partition(mark)
            if found:
                return what, to_do
        return f"{self._name} cannot stand as written", text

    def _explained(self) -> str:
        """What the field's docstring says of it."""
        if not self._path:
            return ""
        model = model_in(annotation_at(self._model, self._path[:-1])) or self._model
        key = str(self._path[-1])
        text = texts_of(model).get(key, "")
        return (
            f"{self._name}: {text}" if text else f"{name_of(self._path[:-1], self._called)} takes {', '.join(keys_of(model))}"
        )


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
