"""Which requests a script's faults wait for: an exchange is told by method and path, since nobody reads what lies in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Self

from fake_servers.errors import ScriptError
from fake_servers.services.decision import Exchange

ROUTE = re.compile(r"(?P<exchange>[a-z_]+)=(?:(?P<methods>[A-Za-z]+(?:,[A-Za-z]+)*) +)?(?P<path>[/*].*)")


@dataclass(frozen=True, slots=True)
class Route:
    """Requests that count as one exchange.

    Attributes:
        path: A pattern with ``*`` and ``?`` for the path, without the query.
    """

    exchange: Exchange
    methods: tuple[str, ...] = ("POST",)
    path: str = "*"

    @classmethod
    def parse(cls, text: str) -> Self:
        """``license=/wv/*``, ``license=GET,POST /license``.

        Raises:
            ScriptError: It says something else.
        """
        found = ROUTE.fullmatch(text.strip())
        if found is None:
            raise ScriptError(f"{text!r} names no requests: write EXCHANGE=[METHOD[,METHOD] ]/PATH, such as license=POST /wv/*")
        known = [exchange.value for exchange in Exchange]
        if found["exchange"] not in known:
            raise ScriptError(f"{text!r}: no exchange is named {found['exchange']!r}, only {', '.join(known)}")
        methods = tuple(found["methods"].upper().split(",")) if found["methods"] else ("POST",)
        return cls(Exchange(found["exchange"]), methods, found["path"])

    def takes(self, method: str, path: str) -> bool:
        """Whether a request is one of these."""
        return method in self.methods and fnmatchcase(path, self.path)


def exchange_of(routes: Sequence[Route], method: str, path: str) -> Exchange | None:
    """What a request counts as, by the first route that takes it; None for what passes undisturbed."""
    return next((route.exchange for route in routes if route.takes(method, path)), None)
