"""What a wire tells of one exchange and of its repetitions: arrived or not, when it failed, what repeated what.

A **run** is a request with its repetitions: requests of one exchange in one round, with no other exchange between them and no
step of the user's. So a license asked for again after an individualization, or after a page, begins a run of its own.

A client that needs several contents at the same moment asks for each on its own. What follows upon what is then told for each
content apart: eighteen requests for eighteen keys are no repetitions, while eighteen for one key are seventeen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from fake_servers.faults.base import Presentation
from fake_servers.journal import ConnectionClosed
from fake_servers.services.decision import Answer
from harness.checks.tolerance import under_way_s
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Round, Trace

BREAKS = frozenset(
    {
        Presentation.CONNECTION_LOST,
        Presentation.SILENCE,
        Presentation.CORRUPTED,
        Presentation.TOO_LARGE,
        Presentation.NOT_A_LICENSE_REPLY,
        Presentation.IRREGULAR,
    }
)
"""Faults behind which nobody can say that the client has read the reply, even if all its bytes went out."""

SPOILS = frozenset(
    {
        Presentation.CORRUPTED,
        Presentation.TOO_LARGE,
        Presentation.WRONG_KEY,
        Presentation.WRONG_CONTENT,
        Presentation.EXPIRED,
        Presentation.NOT_YET_VALID,
        Presentation.REPLAYED_REPLY,
    }
)
"""Faults that leave nothing of use in a reply, even if all its bytes arrive."""

SHOWS_WHEN_TRIED = frozenset({Presentation.EXPIRED, Presentation.NOT_YET_VALID, Presentation.WRONG_KEY})
"""Those of them that show only when the license is put to use."""

WAITS = frozenset({Presentation.SILENCE, Presentation.SLOW})
"""Faults after which the connection stays open and the request unanswered."""

TRIED_AT_ONCE = frozenset({"license", "monitor"})
"""Exchanges for content that is to be played now. A restore gives back what there was, with no header at hand."""

LEADS_ON = frozenset({Answer.PAGE_REQUIRED, Answer.PAGE_PENDING})


def was_read(exchanged: Exchanged) -> bool:
    """Whether the client certainly had the whole reply, whatever it says."""
    return was_sent_whole(exchanged) and not exchanged.veiled and not exchanged.presentations & BREAKS


def is_usable(exchanged: Exchanged) -> bool:
    """Whether a client may have got from the reply what the service put in."""
    spoils = SPOILS
    if exchanged.asked.exchange not in TRIED_AT_ONCE:
        spoils = spoils - SHOWS_WHEN_TRIED
    return was_sent_whole(exchanged) and not exchanged.presentations & spoils


def requests_of(trace: Trace, round_: Round) -> Iterator[Exchanged]:
    """The requests that a client made in a round, without one that it had sent before, and that came only now."""
    return (exchanged for exchanged in trace.exchanges_in(round_) if not _was_given_up_before(trace, round_, exchanged))


def was_under_way(trace: Trace, round_: Round, entry: Entry) -> bool:
    """Whether it may have been on its way already when the user, who had stopped the round before, opened this one."""
    before = trace.rounds[round_.number - 2] if round_.number > 1 else None
    return before is not None and bool(before.acts("cancel")) and entry.at - round_.opened.at <= under_way_s(trace)


def _was_given_up_before(trace: Trace, round_: Round, exchanged: Exchanged) -> bool:
    """Whether its connection was at its end when the round was opened: too early for a reply to have come."""
    closing = trace.closings.get(exchanged.asked.connection)
    return closing is not None and all(was_under_way(trace, round_, entry) for entry in (exchanged.request, closing))


def by_content(exchanges: Iterable[Exchanged]) -> list[tuple[Exchanged, ...]]:
    """The exchanges of each content, in order; one that names none belongs to all. A single series if no two are named."""
    found = tuple(exchanges)
    contents = dict.fromkeys(content for exchanged in found for content in exchanged.contents)
    if len(contents) < 2:
        return [found]
    return [tuple(one for one in found if not one.contents or content in one.contents) for content in contents]


def runs(trace: Trace, round_: Round) -> tuple[tuple[Exchanged, ...], ...]:
    """The runs of a round, content by content, in order."""
    known: tuple[tuple[Exchanged, ...], ...] | None = trace.worked_out.get((runs, round_.number))
    if known is None:
        known = tuple(run for series in by_content(requests_of(trace, round_)) for run in _runs_in(series))
        trace.worked_out[runs, round_.number] = known
    return known


def _runs_in(series: Iterable[Exchanged]) -> Iterator[tuple[Exchanged, ...]]:
    run: list[Exchanged] = []
    for exchanged in series:
        if run and (run[-1].asked.exchange != exchanged.asked.exchange or _leads_on(run[-1])):
            yield tuple(run)
            run = []
        run.append(exchanged)
    if run:
        yield tuple(run)


def _leads_on(exchanged: Exchanged) -> bool:
    """Whether the reply may have asked for what the user does elsewhere, so that the next request need be no repetition."""
    return is_usable(exchanged) and exchanged.answered is not None and exchanged.answered.answer in LEADS_ON


def repetitions(trace: Trace, round_: Round) -> Iterator[tuple[Exchanged, Exchanged]]:
    """Each request of a round that repeats another, after the one that it repeats."""
    for run in runs(trace, round_):
        yield from pairwise(run)


def repetitions_in(series: Iterable[Exchanged]) -> Iterator[tuple[Exchanged, Exchanged]]:
    """The same of requests for one content."""
    for run in _runs_in(series):
        yield from pairwise(run)


def over_at_s(trace: Trace, exchanged: Exchanged) -> float | None:
    """When it was over for the client at the earliest; None if it never was.

    A reply that went out ends it. A connection that ended with the request open ends it too: cut by a fault, or given up. A
    reply that fell silent half-way ends nothing.
    """
    asked, reply = exchanged.asked, exchanged.reply
    closing = trace.closings.get(asked.connection)
    if closing is not None and isinstance(closing.what, ConnectionClosed) and closing.what.open_request == asked.request:
        return closing.at
    if reply is None or (exchanged.presentations & WAITS and not was_sent_whole(exchanged)):
        return None
    return reply.at


def was_sent_whole(exchanged: Exchanged) -> bool:
    """Whether every byte of a well-formed reply went out."""
    return exchanged.answered is not None and exchanged.answered.complete


def is_poll(exchanged: Exchanged) -> bool:
    """Whether it only looks if the license is there yet; a client looks as often as it likes."""
    return exchanged.asked.exchange == "monitor"
