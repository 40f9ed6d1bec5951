"""A lifecycle is refused where it is declared wrongly, and says what is wrong in it."""

from __future__ import annotations

import pytest

from harness.errors import DeclarationError
from harness.operations.lifecycle import Lifecycle
from harness.status.operation import Operation
from harness.status.phase import Phase

Rows = tuple[tuple[str, str, str, Phase | None], ...]

SOUND: Rows = (
    ("start", "idle", "working", Phase.STARTED),
    ("done", "working", "succeeded", Phase.SUCCEEDED),
    ("broke", "working", "failed", Phase.FAILED),
    ("retry", "failed", "working", Phase.RETRYING),
)


def declared(*more: tuple[str, str, str, Phase | None], ends: frozenset[str] = frozenset()) -> Lifecycle:
    """The sound table with more rows and ends."""
    return Lifecycle(Operation.LICENSE_BACKUP, initial="idle", ends={"succeeded", "failed"} | ends, rows=SOUND + more)


def test_a_sound_table_is_taken_and_keeps_its_order() -> None:
    lifecycle = declared()
    assert lifecycle.states == ("idle", "working", "succeeded", "failed")
    assert lifecycle.triggers == ("start", "done", "broke", "retry")
    assert [row.trigger for row in lifecycle.rows_from["working"]] == ["done", "broke"]
    assert lifecycle.rows_from["succeeded"] == ()


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (("done", "working", "failed", Phase.FAILED), "trigger 'done' stands twice for state 'working'"),
        (("done", "lost", "succeeded", Phase.SUCCEEDED), "no path from 'idle' reaches ['lost']"),
        (("sleep", "working", "asleep", None), "no row leaves ['asleep'], and 'ends' does not name them"),
        (("cheer", "working", "working", Phase.SUCCEEDED), "if, and only if, it leads into an end"),
        (("give_up", "working", "failed", None), "if, and only if, it leads into an end"),
        (("give_up", "working", "failed", Phase.RETRYING), "if, and only if, it leads into an end"),
    ],
)
def test_a_row_that_makes_the_table_unsound_is_named(row: tuple[str, str, str, Phase | None], complaint: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        declared(row)
    assert str(refused.value).startswith("lifecycle of license_backup: ")
    assert complaint in str(refused.value)


def test_an_end_that_no_row_mentions_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"'ends' names \['blocked'\], which no row mentions"):
        declared(ends=frozenset({"blocked"}))


def test_an_initial_state_that_no_row_leaves_is_refused() -> None:
    with pytest.raises(DeclarationError, match="no row leaves the initial state 'elsewhere'"):
        Lifecycle(Operation.LICENSE_BACKUP, initial="elsewhere", ends={"succeeded", "failed"}, rows=SOUND)


def test_a_state_that_can_only_turn_in_circles_counts_as_left() -> None:
    """Known limit: the declaration looks for states without any row; that success stays in reach is tested per operation."""
    assert "circling" in declared(("spin", "working", "circling", None), ("turn", "circling", "circling", None)).states
