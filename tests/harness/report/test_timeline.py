"""The timeline: every entry in its lane, the proof marked, the monotonous folded, the long cut."""

from __future__ import annotations

from harness.report.timeline import MOST_ROWS, Gap, Row, rows, shown
from tests.harness.checks.trace_builder import Word, asks, says, trace_of
from tests.harness.report.results import tunnels

MANY_REQUESTS: list[Word] = [word for _ in range(60) for word in (asks("license"), "answers denied")]


def texts(parts: list[Row | Gap] | list[Row]) -> list[str]:
    return [part.text if isinstance(part, Row) else f"… {part.entries}" for part in parts]


def test_every_entry_is_told_once() -> None:
    trace = tunnels()
    told = [entry for row in rows(trace, {}) for entry in row.entries]
    assert told == list(trace.entries)


def test_a_long_stretch_of_progress_is_one_row() -> None:
    stretch = [row for row in rows(tunnels(), {}) if len(row.entries) > 1]
    assert [len(row.entries) for row in stretch] == [9]
    assert stretch[0].text.startswith("receiving 0 % to 100 % (9 messages, to ")


def test_two_messages_of_progress_stay_apart() -> None:
    trace = trace_of("start", says("receiving", done=1), says("receiving", done=2), "succeeded")
    assert texts(rows(trace, {}))[1:3] == ["receiving 1 so far", "receiving 2 so far"]


def test_progress_of_another_attempt_is_another_stretch() -> None:
    trace = trace_of("start", *[says("receiving", done=n % 3, total=3, attempt=1 + n // 3) for n in range(6)])
    assert [len(row.entries) for row in rows(trace, {})] == [1, 3, 3, 1]


def test_a_marked_entry_is_never_folded_away() -> None:
    trace = tunnels()
    proof = next(row.first.n + 4 for row in rows(trace, {}) if len(row.entries) > 1)
    marked = [row for row in rows(trace, {proof: [1]}) if row.marks]
    assert [(row.first.n, len(row.entries), row.marks) for row in marked] == [(proof, 1, (1,))]


def test_a_long_trace_is_cut_to_what_matters_and_says_how_much_was_left_out() -> None:
    trace = trace_of("start", *MANY_REQUESTS, says("failed", reason="license_denied"))
    proof = 90
    told = rows(trace, {proof: [1]})
    parts = shown(told)
    assert len(parts) <= MOST_ROWS
    shown_entries = [entry.n for part in parts if isinstance(part, Row) for entry in part.entries]
    assert {0, proof - 1, proof, proof + 1, len(trace.entries) - 1} <= set(shown_entries)
    assert sum(part.entries for part in parts if isinstance(part, Gap)) + len(shown_entries) == len(trace.entries)


def test_where_the_proof_itself_is_too_long_its_beginning_and_end_are_shown() -> None:
    trace = trace_of("start", *MANY_REQUESTS)
    parts = shown(rows(trace, {n: [1] for n in range(1, 150)}))
    marked = [part.first.n for part in parts if isinstance(part, Row) and part.marks]
    assert len(parts) <= MOST_ROWS
    assert marked[0] == 1
    assert marked[-1] == 149


def test_nothing_is_left_out_where_all_fits() -> None:
    told = rows(tunnels(), {})
    assert shown(told) == told
