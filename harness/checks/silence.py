"""How long a client was silent in a round, the user's own time and announced waits apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from harness.checks.tolerance import late_s
from harness.status.phase import Phase
from harness.trace.entry import Entry, UserActed
from harness.trace.trace import Round, Trace, is_status, status_of

WAITS_FOR_USER = frozenset({Phase.CONSENT_NEEDED, Phase.OVERWRITE_NEEDED, Phase.PAGE_NEEDED})


@dataclass(frozen=True, slots=True)
class Silence:
    """From one sign of life to the next; ``seconds`` leaves out what the user took and what was announced."""

    begun: Entry
    over: Entry
    seconds: float


def silences(trace: Trace, round_: Round) -> Iterator[Silence]:
    """Every silence of a round, up to the entry that settles it; the last one up to its end if nothing does."""
    settled = round_.settled
    signs = [entry for entry in round_.reports if settled is None or entry.n <= settled.n]
    end = settled if settled is not None else round_.ended
    announced_until_s = 0.0  # a wait lasts as long as was said, whatever is said meanwhile
    for before, after in pairwise({entry.n: entry for entry in (round_.opened, *signs, end)}.values()):
        announced_until_s = max(announced_until_s, before.at + _announced_s(before))
        yield Silence(before, after, after.at - max(_counted_from(round_, before, after), announced_until_s))


def too_long(trace: Trace, round_: Round) -> Silence | None:
    """The first silence beyond what the client promises."""
    limit = trace.profile.silence + late_s(trace)
    return next((silence for silence in silences(trace, round_) if silence.seconds > limit), None)


def is_hung(trace: Trace, round_: Round) -> bool:
    """Whether the client never settled the round although the world waited for it long enough to be sure."""
    if round_.settled is not None or round_.number != len(trace.rounds):
        return False
    last = list(silences(trace, round_))[-1:]
    return any(silence.seconds > trace.profile.silence + late_s(trace) for silence in last)


def _counted_from(round_: Round, before: Entry, after: Entry) -> float:
    """A question to the user stops the watch until the last answer in this time; with no answer it never starts again."""
    if not (is_status(before) and status_of(before).phase in WAITS_FOR_USER):
        return before.at
    answers = [e for e in round_.entries if before.n < e.n < after.n and isinstance(e.what, UserActed)]
    return answers[-1].at if answers else after.at


def _announced_s(before: Entry) -> float:
    return (status_of(before).retry_in_s or 0.0) if is_status(before) else 0.0
