"""The way that a client's words tell of, and the figure that it is drawn over."""

from __future__ import annotations

from itertools import pairwise

import pytest

from harness.operations.catalogue import OPERATIONS
from harness.report.page.diagram import HALF, diagram
from harness.report.page.path_taken import PathTaken, path_taken
from harness.status.operation import Operation
from harness.status.phase import Phase
from tests.harness.checks.trace_builder import Word, trace_of
from tests.harness.report.results import tunnels


def path_of(*words: Word, phases: list[str] | None = None) -> PathTaken:
    path = path_taken(trace_of(*words, profile={"phases": phases} if phases is not None else None))
    assert path is not None
    return path


def triggers(path: PathTaken) -> list[str]:
    return [step.row.trigger for step in path.steps]


def test_silent_rows_are_found_between_what_was_said() -> None:
    path = path_of("start", "started", "connecting", "requesting", "installing", "succeeded")
    assert triggers(path) == ["start", "url_accepted", "connect", "request_sent", "license_arrived", "license_stored"]
    assert [step.entry is None for step in path.steps] == [False, True, False, False, False, False]


def test_each_step_begins_where_the_one_before_it_ended() -> None:
    path = path_of("start", "started", "connecting", "failed", "retry", "retrying", "connecting", "installing", "succeeded")
    assert path.steps[0].row.source == path.lifecycle.initial
    assert all(one.row.destination == next_.row.source for one, next_ in pairwise(path.steps))


def test_a_client_that_says_its_ends_alone_has_the_shortest_way_there() -> None:
    path = path_of("start", "succeeded", phases=[])
    assert path.left_by is None
    assert path.steps[-1].row.destination == "succeeded"
    assert [step.entry is not None for step in path.steps] == [False] * (len(path.steps) - 1) + [True]


def test_only_the_user_opens_a_round() -> None:
    path = path_of("start", "started", "connecting", "failed", "retrying")
    assert path.left_by is not None
    assert path.possible == ()


def test_the_first_word_that_no_way_explains_ends_the_path_and_says_what_could_have_come() -> None:
    path = path_taken(tunnels())
    assert path is not None
    assert path.left_by is not None
    ordinary = path_of("start", "started", "installing")
    assert ordinary.left_by is not None
    assert Phase.CONNECTING in ordinary.possible
    assert Phase.INSTALLING not in ordinary.possible


def test_a_client_without_statuses_has_no_path() -> None:
    assert path_taken(trace_of("start", "asks license", "answers granted")) is None


@pytest.mark.parametrize("operation", Operation)
def test_every_state_and_every_row_of_an_operation_is_in_its_figure(operation: Operation) -> None:
    lifecycle, figure = OPERATIONS[operation], diagram(operation)
    assert sorted(place.state for place in figure.places) == sorted(lifecycle.states)
    assert {(arc.source, arc.destination) for arc in figure.arcs} == {(row.source, row.destination) for row in lifecycle.rows}
    for row in lifecycle.rows:
        assert row.trigger in figure.arcs[figure.arc(row)].label
    assert len({arc.path for arc in figure.arcs}) == len(figure.arcs)


@pytest.mark.parametrize("operation", Operation)
def test_no_two_states_overlap_and_no_arc_leaves_the_figure(operation: Operation) -> None:
    figure = diagram(operation)
    assert all(lower.y - upper.y > 22 for upper, lower in pairwise(figure.places))
    assert all(figure.left < arc.x < figure.left + figure.width for arc in figure.arcs)
    assert all(abs(arc.x) > HALF for arc in figure.arcs)  # so none crosses a state
    assert all(0 < place.y < figure.height for place in figure.places)
