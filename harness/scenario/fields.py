"""What the models' fields are called by users, which words they take, and what their docstrings say of them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from harness.scenario.position import Path

READ_ONLY = {"readOnly": True}

_ENTRY = re.compile(r"^    (\w+): (.*)$")


@cache
def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys that a user writes for this model, in order; ``from`` rather than ``from_s``, and none that is filled in."""
    return {info.alias or name: info for name, info in model.model_fields.items() if info.json_schema_extra != READ_ONLY}


@cache
def texts_of(model: type[BaseModel]) -> dict[str, str]:
    """Key to its sentence in the ``Attributes`` section of the model's docstring."""
    lines = inspect.cleandoc(model.__doc__ or "").split("\n")
    if "Attributes:" not in lines:
        return {}
    texts: dict[str, str] = {}
    name = ""
    for line in lines[lines.index("Attributes:") + 1 :]:
        if entry := _ENTRY.match(line):
            name = entry[1]
            texts[name] = entry[2]
        elif name and line.startswith("     "):
            texts[name] += " " + line.strip()
        else:
            break
    names = {name: info.alias or name for name, info in model.model_fields.items()}
    return {names.get(name, name): text for name, text in texts.items()}


def summary_of(model: type[BaseModel]) -> str:
    """The first sentence or paragraph of the model's docstring, on one line."""
    return " ".join(inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].split())


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a value of this annotation is read as, through unions and lists."""
    return next((part for part in _parts(annotation) if isinstance(part, type) and issubclass(part, BaseModel)), None)


def words_in(annotation: Any) -> tuple[str, ...]:
    """The words that this annotation allows: members of enums and literals, through unions and lists, in order."""
    words: list[str] = []
    for part in _parts(annotation):
        if get_origin(part) is Literal:
            words += [str(word) for word in get_args(part)]
        elif isinstance(part, type) and issubclass(part, Enum):
            words += [str(member.value) for member in part]
    return tuple(dict.fromkeys(words))


def annotation_at(model: type[BaseModel], path: Path) -> Any:
    """The annotation of the field that ``path`` leads to, seen from ``model``; None if it leads nowhere.

    The members of a list or a mapping share the annotation of the whole: `words_in` and `model_in` look inside anyway.
    """
    annotation: Any = model
    for step in path:
        inside = model_in(annotation)
        if isinstance(step, int) or inside is None:
            continue
        info = keys_of(inside).get(step)
        if info is None:
            return None
        annotation = info.annotation
    return annotation


def _parts(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield annotation
    elif arguments := get_args(annotation):
        for argument in arguments:
            yield from _parts(argument)
    else:
        yield annotation
