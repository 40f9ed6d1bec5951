"""Other tools that make servers fail, unmodified and by the means that their own documentation names for it.

Which peer runs how is in ``servers.py``; here is only what is asked of each, and what a reader of its documentation expects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """One fault of one peer.

    Attributes:
        peer: Its name, as in ``servers.SERVERS``.
        means: What its user writes.
        path: Where it is set up.
        expects: How the reply is to look, going by the name of the means: one of ``LOOKS``.
    """

    peer: str
    means: str
    path: str
    expects: str

    def is_met_by(self, looks: str) -> bool:
        """Whether it looks as it is called."""
        return LOOKS[self.expects].search(looks) is not None


# fmt: off
LOOKS = {
    "reset":   re.compile(r"^RST "),
    "close":   re.compile(r"^FIN "),
    "silence": re.compile(r"^silence "),
    "broken":  re.compile(r"^FIN after | no HTTP, FIN$"),
    "garbage": re.compile(r" no HTTP, FIN$"),
    "reply":   re.compile(r"^\d{3} whole, "),
}

ASKED: tuple[Asked, ...] = (
    Asked("WireMock",          "`fault: CONNECTION_RESET_BY_PEER`", "/reset",   "reset"),
    Asked("WireMock",          "`fault: EMPTY_RESPONSE`",           "/empty",   "close"),
    Asked("WireMock",          "`fault: MALFORMED_RESPONSE_CHUNK`", "/chunk",   "broken"),
    Asked("WireMock",          "`fault: RANDOM_DATA_THEN_CLOSE`",   "/random",  "garbage"),
    Asked("WireMock",          "`fixedDelayMilliseconds: 60000`",   "/delay",   "silence"),
    Asked("mockttp",           "`thenResetConnection()`",           "/reset",   "reset"),
    Asked("mockttp",           "`thenCloseConnection()`",           "/close",   "close"),
    Asked("mockttp",           "`thenTimeout()`",                   "/timeout", "silence"),
    Asked("mountebank",        "`fault: CONNECTION_RESET_BY_PEER`", "/reset",   "reset"),
    Asked("mountebank",        "`fault: RANDOM_DATA_THEN_CLOSE`",   "/random",  "garbage"),
    Asked("MockServer",        "`dropConnection: true`",            "/drop",    "close"),
    Asked("MockServer",        "`dropConnection` after half a body in `responseBytes`", "/bytes", "close"),
    Asked("pytest-httpserver", "a handler that raises",             "/raises",  "reply"),
    Asked("pytest-httpserver", "a handler that sleeps",             "/sleeps",  "silence"),
    Asked("pytest-httpserver", "no handler for the request",        "/none",    "reply"),
)
# fmt: on
