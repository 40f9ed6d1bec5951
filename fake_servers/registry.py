"""A registry: names to declared things; doubles are refused, near misses are suggested, third parties join by entry point."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from fake_servers.errors import RegistrationError, UnknownNameError

T = TypeVar("T")


class Registry(Generic[T]):
    """Things of one kind by name, in the order in which they were declared.

    Args:
        kind: The singular noun that errors use, such as ``fault``.
        entry_point_group: Where third parties announce modules whose import registers more, if they may.
    """

    def __init__(self, kind: str, entry_point_group: str | None = None) -> None:
        self.kind = kind
        self._items: dict[str, T] = {}
        self._group = entry_point_group
        self._joined = entry_point_group is None

    def add(self, name: str, item: T) -> T:
        """Register ``item``; a name taken by something else is a RegistrationError."""
        if name in self._items and self._items[name] is not item:
            raise RegistrationError(f"{self.kind} {name!r} is registered twice: {self._items[name]!r} and {item!r}")
        self._items[name] = item
        return item

    def __getitem__(self, name: str) -> T:
        self._join()
        try:
            return self._items[name]
        except KeyError:
            raise UnknownNameError(self.kind, name, difflib.get_close_matches(name, self._items)) from None

    def __contains__(self, name: object) -> bool:
        self._join()
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        self._join()
        return iter(self._items)

    def __len__(self) -> int:
        self._join()
        return len(self._items)

    def values(self) -> list[T]:
        """Every item, in order of declaration."""
        self._join()
        return list(self._items.values())

    def items(self) -> list[tuple[str, T]]:
        """Every (name, item), in order of declaration."""
        self._join()
        return list(self._items.items())

    def _join(self) -> None:
        """Import what third parties announced, once and only when somebody looks."""
        if self._joined or self._group is None:
            return
        self._joined = True
        for announced in sorted(entry_points(group=self._group), key=lambda e: e.name):
            announced.load()
