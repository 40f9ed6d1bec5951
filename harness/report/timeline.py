"""A trace as a person reads it: one row an entry, a column a lane, the proof marked, the monotonous folded.

Faults stand in the wire's column, since that is where they are met; ``!`` tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.table import Table
from rich.text import Text

from fake_servers.journal import RequestReceived
from harness.report.entry_text import entry_text, progress_text
from harness.report.plain_text import counted
from harness.trace.entry import ClientNoted, Entry, Lane, RunEnded, StatusReported, UserActed
from harness.trace.trace import Trace

MOST_ROWS = 40
FOLDED_FROM = 3
"""A stretch this long is one row; two messages of progress are no burden."""

COLUMNS = {Lane.USER: 7, Lane.CLIENT: 25, Lane.WIRE: 30, Lane.SERVICE: 18}
"""Lane to the widest it may become, so that all of it fits into 100 columns."""

STYLES = {Lane.USER: "magenta", Lane.CLIENT: "cyan", Lane.WIRE: "", Lane.FAULT: "bold yellow", Lane.SERVICE: "green"}

Marks = Mapping[int, Sequence[int]]
"""``Entry.n`` to the numbers of the failures that it proves."""


@dataclass(frozen=True, slots=True)
class Row:
    """One or more entries that are told in one line."""

    entries: tuple[Entry, ...]
    text: str
    marks: tuple[int, ...] = ()

    @property
    def first(self) -> Entry:
        """The entry that it begins with; time and lane are its own."""
        return self.entries[0]


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows that were left out, and how many entries they held."""

    entries: int


def timeline(trace: Trace, marks: Marks | None = None, *, most: int = MOST_ROWS) -> Table:
    """The table; ``most`` is about how many rows it may have."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    for lane, width in COLUMNS.items():
        table.add_column(lane.value, max_width=width, overflow="fold")
    for part in shown(rows(trace, marks or {}), most):
        if isinstance(part, Gap):
            table.add_row("", "…", "", f"{counted(part.entries, 'entry', 'entries')} left out", style="dim")
        else:
            table.add_row(*_cells(part))
    return table


def rows(trace: Trace, marks: Marks) -> list[Row]:
    """A row for each entry, or for each stretch of a status that differs from its neighbours in progress alone."""
    told: list[Row] = []
    for key, stretch in groupby(trace.entries, key=lambda entry: (_monotony(entry), tuple(marks.get(entry.n, ())))):
        entries = tuple(stretch)
        marked = key[1]
        if key[0] is not None and not marked and len(entries) >= FOLDED_FROM:
            told.append(Row(entries, _folded_text(entries)))
        else:
            told += [Row((entry,), entry_text(entry.what) + _aside(trace, entry), marked) for entry in entries]
    return told


def _aside(trace: Trace, entry: Entry) -> str:
    """What only the whole trace tells of an entry."""
    is_superseded = isinstance(entry.what, RequestReceived) and entry.what.request in trace.superseded
    return ", which the browser sends again by itself" if is_superseded else ""


def shown(told: Sequence[Row], most: int = MOST_ROWS) -> list[Row | Gap]:
    """The rows that matter most, in order, with gaps where others were; about ``most`` in all."""
    for budget in (most, most * 9 // 10, most * 3 // 4, most * 2 // 3, most // 2):
        parts = list(_with_gaps(told, _chosen(told, budget)))
        if len(parts) <= most:
            break
    return parts


def _chosen(told: Sequence[Row], budget: int) -> set[int]:
    """Places of the rows to show. Of a rank that does not fit whole, the first and the last of it."""
    if len(told) <= budget:
        return set(range(len(told)))
    ranks = _ranks(told)
    chosen: set[int] = set()
    for rank in sorted(set(ranks)):
        places = [place for place, its_rank in enumerate(ranks) if its_rank == rank]
        left = budget - len(chosen)
        if len(places) > left:
            places = places[: (left + 1) // 2] + places[len(places) - left // 2 :]
        chosen.update(places)
    return chosen


def _ranks(told: Sequence[Row]) -> list[int]:
    """0 for proof, 1 for its neighbours, 2 for what turns a run, 3 for the ends of it, 4 for the rest."""
    marked = [place for place, row in enumerate(told) if row.marks]
    near = {place + step for place in marked for step in (-2, -1, 1)}
    last = len(told) - 1
    return [
        0 if row.marks else 1 if place in near else 2 if _turns(row.first) else 3 if place < 3 or place > last - 3 else 4
        for place, row in enumerate(told)
    ]


def _turns(entry: Entry) -> bool:
    what = entry.what
    if isinstance(what, StatusReported):
        return what.status.settles
    return entry.lane in (Lane.FAULT, Lane.SERVICE) or isinstance(what, UserActed | RunEnded)


def _with_gaps(told: Sequence[Row], chosen: set[int]) -> Iterator[Row | Gap]:
    """A single row is never left out: the gap would take its place."""
    for is_shown, places in groupby(range(len(told)), key=chosen.__contains__):
        stretch = [told[place] for place in places]
        if is_shown or len(stretch) == 1:
            yield from stretch
        else:
            yield Gap(sum(len(row.entries) for row in stretch))


def _monotony(entry: Entry) -> object:
    """What a stretch has in common; None for entries that are never folded."""
    what = entry.what
    if isinstance(what, StatusReported) and what.status.progress is not None:
        return what.status.round, what.status.attempt, what.status.phase, what.status.reason
    if isinstance(what, ClientNoted) and what.what in ("garbage", "stderr"):
        return what.what
    return None


def _folded_text(entries: tuple[Entry, ...]) -> str:
    first, last = entries[0].what, entries[-1].what
    if isinstance(first, ClientNoted):
        return f"{entry_text(first)} ({len(entries)} lines, to {entries[-1].at:.3f} s)"
    assert isinstance(first, StatusReported)
    assert isinstance(last, StatusReported)
    assert first.status.progress is not None
    assert last.status.progress is not None
    reach = f"{progress_text(first.status.progress)} to {progress_text(last.status.progress)}"
    return f"{first.status.phase.value} {reach} ({len(entries)} messages, to {entries[-1].at:.3f} s)"


def _cells(row: Row) -> list[Text]:
    lane = row.first.lane
    column = Lane.WIRE if lane is Lane.FAULT else lane
    texts: dict[Lane, Text] = {column: Text(row.text, style="bold red" if row.marks else STYLES[lane])}
    mark = Text("".join(f"[{number}]" for number in row.marks), style="bold red")
    return [mark, Text(f"{row.first.at:.3f}", style="dim"), *(texts.get(lane, Text()) for lane in COLUMNS)]
