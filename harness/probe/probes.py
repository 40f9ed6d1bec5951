"""The probes: situations in which a client shows how it tries again, what it says, and when it gives up.

Each is a scenario like any other, with one fault for the first request or for every one. What a probe tells is read by
``harness.probe.reading``; nothing here judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.scenario.model import Do, Outcome, Scenario
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason

TRIES = 60
"""So many requests meet a probe's fault at most; the next one works, so that a client without end comes to one."""

QUICK, EXACT = 60, 5
"""How many times faster than real time a program's world may go: where a yes or no is asked, and where seconds are measured."""

HOURS = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probe:
    """One question put to a client. Two are the same only if they are one.

    Attributes:
        name: Its word in evidence.
        asks: The question.
        scenario: The situation.
        speed: The most that a program's time is scaled by.
        reason: What a client retries, if it tries again here.
        status: The HTTP status that it meets, if that is what it meets.
        wait_s: What Retry-After asks for, if it does.
    """

    name: str
    asks: str
    scenario: Scenario
    speed: int = QUICK
    reason: Reason | None = None
    status: int | None = None
    wait_s: float | None = None


def _scenario(name: str, asks: str, *rules: Mapping[str, Any], **parts: Any) -> Scenario:
    world = {"limit": f"{HOURS} h", "observe": "200 ms", **parts.pop("world", {})}
    defaults = {"operation": Operation.LICENSE_ACQUISITION, "dialect": "clearkey", "expect": {"outcome": tuple(Outcome)}}
    return Scenario.model_validate(
        {**defaults, "name": f"probe/{name}", "about": asks, "faults": rules, "world": world, **parts}
    )


def _first(fault: str, **parameters: Any) -> dict[str, Any]:
    return {"when": {"exchange": "license", "nth": 1}, "fault": fault, **parameters}


def _every(fault: str, **parameters: Any) -> dict[str, Any]:
    return {"when": {"exchange": "license", "nth": tuple(range(1, TRIES + 1))}, "fault": fault, **parameters}


def _connection(fault: str) -> dict[str, Any]:
    return {"when": {"service": "license", "connection": 1}, "fault": fault}


RETRY: tuple[dict[str, Any], ...] = ({"when": "retry_offered", "do": Do.RETRY, "after": 1.0},)
ANSWERS: tuple[dict[str, Any], ...] = (
    {"when": Phase.CONSENT_NEEDED, "do": Do.CONSENT, "after": 1.0, "times": 5},
    {"when": Phase.OVERWRITE_NEEDED, "do": Do.OVERWRITE, "after": 1.0, "times": 5},
    {"when": Phase.PAGE_NEEDED, "do": Do.COMPLETE_PAGE, "after": 1.0, "times": 5},
)
CANCEL: tuple[dict[str, Any], ...] = ({"at": 0.5, "do": Do.CANCEL},)
TLS = {"tls": True}
FOREVER = "12 h"
REFUSED_S = 3.0

# ── does it work at all ──────────────────────────────────────────────────────────────────────────────────────────────


def _calm(name: str, asks: str, **parts: Any) -> Probe:
    return Probe(name=name, asks=asks, scenario=_scenario(name, asks, user=ANSWERS, **parts))


CALM = _calm("calm", "Nothing goes wrong: does it get its license?")
CALM_WMDRM = _calm("calm_wmdrm", "The same in the wmdrm dialect.", dialect="wmdrm")
CALM_TLS = _calm("calm_tls", "The same over TLS, with the authority that it is told to trust.", world=TLS)

OPERATIONS: Mapping[Operation, Probe] = {
    Operation.INDIVIDUALIZATION: _calm(
        "calm_individualization",
        "Nothing goes wrong: can it individualize the device?",
        operation="individualization",
        dialect="wmdrm",
        given={"individualized": False},
    ),
    Operation.LICENSE_REVOCATION: _calm(
        "calm_revocation",
        "Nothing goes wrong: can it remove a license?",
        operation="license_revocation",
        dialect="wmdrm",
        given={"licenses": ("film",)},
    ),
    Operation.LICENSE_BACKUP: _calm(
        "calm_backup",
        "A backup exists, and one license may not leave: can it back up the others?",
        operation="license_backup",
        dialect="wmdrm",
        given={"licenses": ("film", "concert"), "restricted": ("concert",), "backup": ("film",)},
    ),
    Operation.LICENSE_RESTORE: _calm(
        "calm_restore",
        "Nothing goes wrong: can it restore a backup?",
        operation="license_restore",
        dialect="wmdrm",
        given={"backup": ("film",)},
    ),
}

# ── how it tries again ───────────────────────────────────────────────────────────────────────────────────────────────


def _ask(name: str, asks: str, *rules: Mapping[str, Any], **of_probe: Any) -> Probe:
    parts = {key: of_probe.pop(key) for key in ("world", "user", "dialect", "given") if key in of_probe}
    return Probe(name=name, asks=asks, scenario=_scenario(name, asks, *rules, **parts), **of_probe)


LADDER = _ask(
    "always_unavailable", "503 every time: how often, and after what pauses?", _every("status", status=503), speed=EXACT
)
LADDER_RESET = _ask(
    "always_reset",
    "The connection is reset every time: how often, and after what pauses?",
    _every("reset_after", after_bytes="0 bytes"),
    speed=EXACT,
)
LADDERS = (LADDER, LADDER_RESET)
"""The first of them in which a client tries again at all shows how it pauses."""

AT_ONCE = {"after_bytes": "0 bytes"}
LAST_BYTE = {"drop": "1 byte"}
MOVED = {"status": 307}
SILENCE = {"after_bytes": "0 bytes", "stall": FOREVER}
HALF_WAY = {"after_bytes": "120 bytes", "stall": FOREVER}

SILENT = _ask("never_answered", "No answer, ever: when does it give up?", _every("stall_after", **SILENCE))


def retry_after(wait_s: float, form: str = "seconds") -> Probe:
    """A first 503 with a Retry-After of so many seconds."""
    name = f"retry_after_{form}_{wait_s:g}s"
    asks = f"503 once, and Retry-After asks for {wait_s:g} s{' as a date' if form == 'date' else ''}: does it wait?"
    return _ask(name, asks, _first("retry_after", retry_after=float(wait_s), form=form), wait_s=wait_s)


def always_retry_after(wait_s: float) -> Probe:
    """503 every time, with a Retry-After of so many seconds: how much time may a round take in all?"""
    asks = f"503 every time, and Retry-After asks for {wait_s:g} s: how long does it go on?"
    return _ask(f"always_retry_after_{wait_s:g}s", asks, _every("retry_after", retry_after=float(wait_s)), wait_s=wait_s)


WAITS_S = (7.0, 20.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 21600.0)
DATES_S = (7.0, 60.0)
LONG_ROUNDS_S = (7.0, 20.0, 60.0, 120.0, 300.0)

STATUSES: Mapping[int, Reason] = {
    400: Reason.REQUEST_REFUSED,
    401: Reason.REQUEST_REFUSED,
    403: Reason.REQUEST_REFUSED,
    404: Reason.REQUEST_REFUSED,
    408: Reason.SERVICE_UNAVAILABLE,
    425: Reason.SERVICE_UNAVAILABLE,
    429: Reason.RATE_LIMITED,
    500: Reason.SERVICE_UNAVAILABLE,
    502: Reason.SERVICE_UNAVAILABLE,
    503: Reason.SERVICE_UNAVAILABLE,
    504: Reason.SERVICE_UNAVAILABLE,
}

BY_STATUS = tuple(
    _ask(f"status_{status}", f"{status} once: does it try again?", _first("status", status=status), reason=why, status=status)
    for status, why in STATUSES.items()
)

_R = Reason
# fmt: off
_ONCE: tuple[tuple[str, str, Reason, str, Mapping[str, Any]], ...] = (
    # name            the question                                   what is retried        fault             parameters
    ("reset",         "The connection is reset before the reply.",   _R.CONNECTION_LOST,    "reset_after",    AT_ONCE),
    ("cut_short",     "The last byte of the reply is missing.",      _R.CONNECTION_LOST,    "truncate",       LAST_BYTE),
    ("not_answered",  "No answer to the first request.",             _R.TIMED_OUT,          "stall_after",    SILENCE),
    ("stuck_midway",  "The first reply stops half-way.",             _R.TIMED_OUT,          "stall_after",    HALF_WAY),
    ("captive_portal", "A login page answers as the service.",      _R.UNREADABLE_REPLY,   "captive_portal", {}),
    ("oversize_body", "The first reply is far too long.",            _R.REPLY_TOO_LARGE,    "oversize_body",  {"size": "8 MB"}),
    ("redirect_loop", "The first request is sent in a circle.",      _R.TOO_MANY_REDIRECTS, "redirect_loop",  MOVED),
    ("denied",        "The service denies the license once.",        _R.LICENSE_DENIED,     "denied",         {}),
    ("wrong_key",     "A key arrives that does not fit.",            _R.LICENSE_UNUSABLE,   "wrong_key",      {}),
)
_ONCE_OVER_TLS = (
    ("handshake_cut", "The first handshake is cut.",                 _R.TLS_FAILED,         "handshake_cut"),
    ("unknown_ca",    "A certificate of an unknown authority.",      _R.TLS_UNTRUSTED,      "unknown_ca"),
)
_ONCE_IN_WMDRM = (
    ("maintenance",   "The service is being maintained.",            _R.MAINTENANCE,        "maintenance"),
    ("expired",       "A license arrives that is over.",             _R.LICENSE_EXPIRED,    "expired"),
)
# fmt: on

BY_FAULT = tuple(_ask(name, asks, _first(fault, **its), reason=why) for name, asks, why, fault, its in _ONCE)
OVER_TLS = tuple(_ask(name, asks, _connection(fault), reason=why, world=TLS) for name, asks, why, fault in _ONCE_OVER_TLS)
IN_WMDRM = tuple(_ask(name, asks, _first(fault), reason=why, dialect="wmdrm") for name, asks, why, fault in _ONCE_IN_WMDRM)
STUCK_MIDWAY = next(probe for probe in BY_FAULT if probe.name == "stuck_midway")

REFUSED = _ask(
    "refused",
    "The port is closed for a moment.",
    {"when": {"service": "license", "from": "0 s", "for": REFUSED_S}, "fault": "refused"},
    speed=EXACT,
    reason=_R.CONNECTION_REFUSED,
)

# ── what it says, and how it stops ───────────────────────────────────────────────────────────────────────────────────

USER_RETRIES = _ask("user_retries", "It fails, and the user tries again.", _first("redirect_loop", status=307), user=RETRY)
CANCELLED = _ask(
    "cancelled", "The user cancels while no answer comes.", _every("stall_after", **SILENCE), user=CANCEL, speed=EXACT
)
CONSENT = _ask("consent", "The license address is unsigned: does it ask?", user=ANSWERS, given={"url_trust": "untrusted"})
WORDS = (USER_RETRIES, CANCELLED, CONSENT)

_WMDRM: dict[str, Any] = {"user": ANSWERS, "dialect": "wmdrm"}
WORDS_WMDRM = (
    _ask("page", "The service wants a page completed.", given={"silent": False}, **_WMDRM),
    _ask("upgrade", "The device must be individualized first.", _first("needs_individualization"), **_WMDRM),
)
