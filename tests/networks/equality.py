"""Whether two traces of one scenario, one from each network, tell the same story: ``differences(simulated, loopback)``.

Equal means: the same verdicts, the same sequence within each lane, the same causal edges (request, truth, reply, next status),
and times within tolerance. The order *between* lanes is no part of it: which of two processes on a machine is served first is
the kernel's own business.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, zip_longest
from typing import Any

from fake_servers.journal import ConnectionRefused, ReplySent
from harness.checks.judge import judge
from harness.status.phase import Phase
from harness.trace.entry import Entry, Lane, StatusReported
from harness.trace.jsonl import ENTRY
from harness.trace.trace import Exchanged, Trace, status_of

EARLY_S = 0.1
"""A status may come so much sooner on real sockets: timers have a grain."""
TRIPS = 6
"""One-way trips of an exchange, connect included, at most; on loopback they take no time."""
LATE_S = 3.0
"""And so much later: a busy machine holds everybody up. A longer wait that was forgotten or doubled is still found."""
DATE_GRAIN_S = 1.0
"""A Retry-After date counts whole seconds, and the two runs begin at different fractions of one."""

Place = tuple[str, ...]


def _left_out(_: Any) -> Any:
    return "*"


def _without_host(url: Any) -> Any:
    return re.sub(r"^(https?)://[^/]+", r"\1://*", url) if isinstance(url, str) else url


# fmt: off
BY_NATURE: dict[Place, tuple[Callable[[Any], Any], str]] = {
    ("status", "at"):              (_left_out,     "a time; compared by itself, with tolerance"),
    ("status", "retry_in_s"):      (_left_out,     "made from the clock where Retry-After is a date; compared by itself"),
    ("status", "text"):            (_left_out,     "made from the other fields, times and addresses among them"),
    ("status", "url"):             (_without_host, "holds host and port"),
    ("headers", "host"):           (_left_out,     "host and port"),
    ("headers", "date"):           (_left_out,     "the date"),
    ("headers", "location"):       (_without_host, "holds host and port"),
    ("headers", "retry-after"):    (_left_out,     "a date in one of its forms; 'retry_after_s' is compared by itself"),
    ("headers", "content-digest"): (_left_out,     "digest of a body that holds dates, hosts and ports"),
    ("retry_after_s",):            (_left_out,     "made from the clock where it was a date; compared by itself"),
    ("hold_s",):                   (_left_out,     "a time; what it leads to is compared"),
    ("open_s",):                   (_left_out,     "a time; an idle connection lives as long as the world watches"),
}
"""What differs between any two networks, what is made of it before entries are compared, and why. All else must be equal."""
SIZES: frozenset[Place] = frozenset({("body_bytes",), ("sent_bytes",), ("headers", "content-length")})
"""Left out as well where a reply holds an address, since 127.0.0.1 is longer than 10.0.0.1 by a byte; else compared."""
RECEIVING = "status_reported receiving"
HOLD_AN_ADDRESS = frozenset({"page_required", "page_pending", "restore_limit"})
"""The answers that send the user to a page."""
# fmt: on


def differences(simulated: Trace, loopback: Trace) -> list[str]:
    """What the two tell differently, each as one line for people; empty if they are equal.

    Of requests that are under way together, the kernel decides which comes first, and so which of them meets a fault. Where
    several contents are needed at once, only verdicts are compared.
    """
    if simulated.head.scenario.given.also:
        return list(_verdicts(simulated, loopback))
    return [
        *_verdicts(simulated, loopback),
        *_lanes(simulated, loopback),
        *_edges(simulated, loopback),
        *_times(simulated, loopback),
    ]


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _verdicts(simulated: Trace, loopback: Trace) -> Iterator[str]:
    for here, there in zip(judge(simulated), judge(loopback), strict=True):
        if here.ruling is not there.ruling:
            yield f"verdict {here.check.id}: {here.ruling} simulated, {there.ruling} on loopback"


# ── lanes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lanes(simulated: Trace, loopback: Trace) -> Iterator[str]:
    here, there = lanes_of(simulated), lanes_of(loopback)
    for lane in dict.fromkeys((*here, *there)):
        yield from _first_difference(lane, here.get(lane, ()), there.get(lane, ()))


def lanes_of(trace: Trace) -> dict[str, tuple[str, ...]]:
    """Lane to its entries in order, as text, with what differs by nature taken out. Each connection is a lane of its own."""
    lanes: defaultdict[str, list[str]] = defaultdict(list)
    for entry in trace.entries:
        if not isinstance(entry.what, ConnectionRefused):  # only a simulated network sees whom a closed port refused
            lanes[_lane_of(entry)].append(_told(entry))
    return {lane: tuple(_once_received(entries)) for lane, entries in lanes.items()}


def _once_received(entries: Sequence[str]) -> Iterator[str]:
    """Progress told once an attempt: a client tells it as often as the kernel cuts the reply into pieces."""
    for told, same in groupby(entries):
        yield from [told] if told.startswith(RECEIVING) else same


def _lane_of(entry: Entry) -> str:
    connection = getattr(entry.what, "connection", None)
    return f"connection {connection}" if entry.lane is Lane.WIRE and connection is not None else entry.lane.value


def _told(entry: Entry) -> str:
    if isinstance(entry.what, StatusReported) and entry.what.status.phase is Phase.RECEIVING:
        return f"{RECEIVING} attempt={entry.what.status.attempt}"
    data = ENTRY.dump_python(entry, mode="json")["what"]
    left_out = SIZES if _size_varies(entry) else frozenset()
    return " ".join([data.pop("kind"), *(f"{key}={value}" for key, value in _plain((), data, left_out))])


def _size_varies(entry: Entry) -> bool:
    """Whether it holds an address, or a Retry-After, which scaling makes shorter by a digit or two."""
    sent = entry.what
    return isinstance(sent, ReplySent) and (
        sent.answer in HOLD_AN_ADDRESS or not {"location", "retry-after"}.isdisjoint(sent.headers)
    )


def _plain(place: Place, value: Any, left_out: frozenset[Place]) -> Iterator[tuple[str, Any]]:
    """(dotted path, value) of everything in it."""
    if isinstance(value, dict) and value:
        for key, inner in sorted(value.items()):
            yield from _plain((*place, key), inner, left_out)
    elif value is not None and place not in left_out:
        treat = BY_NATURE.get(place, (lambda same: same, ""))[0]
        yield ".".join(place), treat(value)


def _first_difference(lane: str, here: Sequence[str], there: Sequence[str]) -> Iterator[str]:
    """One line at most: after the first difference the rest of a lane is out of step anyway."""
    for number, (one, other) in enumerate(zip_longest(here, there, fillvalue="nothing more"), start=1):
        if one != other:
            yield f"{lane} lane, entry {number}: {one} simulated, {other} on loopback"
            return


# ── causal edges ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _edges(simulated: Trace, loopback: Trace) -> Iterator[str]:
    here = [_edge(simulated, exchanged) for exchanged in simulated.exchanges]
    there = [_edge(loopback, exchanged) for exchanged in loopback.exchanges]
    yield from _first_difference("cause and effect", here, there)


def _edge(trace: Trace, exchanged: Exchanged) -> str:
    """What a request changed, how it was answered, and what the client said once it knew."""
    asked, answered = exchanged.asked, exchanged.answered
    truths = [getattr(truth.what, "what", "") for truth in exchanged.truths]
    reply = f"{answered.answer} {answered.status}" if answered is not None else "no reply"
    return f"{asked.exchange} {asked.nth} -> {truths} -> {reply} -> {_what_the_client_said_then(trace, exchanged)}"


def _what_the_client_said_then(trace: Trace, exchanged: Exchanged) -> str:
    """The first status after the request that is not about sending or receiving: what the exchange came to, for the client."""
    for entry in trace.statuses:
        status = status_of(entry)
        if entry.n > exchanged.request.n and status.phase not in (Phase.REQUESTING, Phase.RECEIVING):
            return f"{status.phase} {status.reason} attempt={status.attempt}"
    return "nothing"


# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _times(simulated: Trace, loopback: Trace) -> Iterator[str]:
    """The same status comes at the same time, within tolerance; ``receiving`` apart, which comes as the kernel likes."""
    grain_s = DATE_GRAIN_S * sum(_asks_by_date(exchanged) for exchanged in simulated.exchanges)
    early_s = EARLY_S + TRIPS * simulated.head.scenario.world.latency * len(simulated.exchanges) + grain_s
    for one, other in zip(_spoken(simulated), _spoken(loopback), strict=False):  # unequal numbers are told by the lanes
        if not -early_s <= other.at - one.at <= LATE_S + grain_s:
            phase = status_of(one).phase
            yield f"{phase} (entry {one.n}): at {one.at:.3f} s simulated, at {other.at:.3f} s on loopback"
            return


def _spoken(trace: Trace) -> list[Entry]:
    return [entry for entry in trace.statuses if status_of(entry).phase is not Phase.RECEIVING]


def _asks_by_date(exchanged: Exchanged) -> bool:
    answered = exchanged.answered
    return answered is not None and not answered.headers.get("retry-after", "0").isdigit()
