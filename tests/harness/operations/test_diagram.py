"""The figure of an operation is its table: every row, every state, nothing else."""

from __future__ import annotations

import re

import pytest

from harness.operations.catalogue import OPERATIONS
from harness.operations.diagram import mermaid
from harness.operations.lifecycle import Lifecycle
from harness.status.operation import Operation
from harness.status.phase import Phase

every_operation = pytest.mark.parametrize("lifecycle", OPERATIONS.values(), ids=lambda lifecycle: str(lifecycle.operation))

SMALL = Lifecycle(
    Operation.LICENSE_BACKUP,
    initial="idle",
    ends={"succeeded", "failed"},
    rows=(
        ("start", "idle", "sending", Phase.STARTED),
        ("moved", "sending", "sending", Phase.RECEIVING),
        ("slept", "sending", "sending", None),
        ("done", "sending", "succeeded", Phase.SUCCEEDED),
        ("broke", "sending", "failed", Phase.FAILED),
        ("retry", "failed", "sending", Phase.RETRYING),
    ),
)

FIGURE = """\
stateDiagram-v2
    [*] --> idle
    idle --> sending : start / started
    sending --> sending : moved / receiving<br/>slept
    sending --> succeeded : done / succeeded
    sending --> failed : broke / failed
    failed --> sending : retry / retrying
    succeeded --> [*]
    classDef settled stroke-width:4px
    class succeeded,failed settled"""


def test_a_small_table_is_drawn_line_by_line() -> None:
    assert mermaid(SMALL) == FIGURE


@every_operation
def test_every_row_is_drawn_once_and_nothing_else(lifecycle: Lifecycle) -> None:
    arrows = re.findall(r"^ +(\w+) --> (\w+) : (.+)$", mermaid(lifecycle), re.MULTILINE)
    drawn = [(source, destination, label) for source, destination, labels in arrows for label in labels.split("<br/>")]
    declared = [
        (row.source, row.destination, f"{row.trigger} / {row.says}" if row.says else row.trigger) for row in lifecycle.rows
    ]
    assert sorted(drawn) == sorted(declared)
    assert len({(source, destination) for source, destination, _ in arrows}) == len(arrows)  # parallel rows share an arrow


@every_operation
def test_settled_states_are_marked_and_final_ones_lead_out(lifecycle: Lifecycle) -> None:
    figure = mermaid(lifecycle)
    marked = re.search(r"^ +class ([\w,]+) settled$", figure, re.MULTILINE)
    assert marked is not None
    assert set(marked[1].split(",")) == lifecycle.ends
    final = set(re.findall(r"^ +(\w+) --> \[\*\]$", figure, re.MULTILINE))
    assert final == {"succeeded", "blocked"} & lifecycle.ends


@every_operation
def test_the_figure_holds_no_sign_that_mermaid_reads_otherwise(lifecycle: Lifecycle) -> None:
    """A label ends at a line break or semicolon, a second colon confuses it, and these words begin a statement."""
    for line in mermaid(lifecycle).splitlines()[1:-2]:
        assert line.count(":") <= 1
        assert ";" not in line
    assert not {"state", "note", "end", "direction", "class", "classDef", "default"} & set(lifecycle.states)
