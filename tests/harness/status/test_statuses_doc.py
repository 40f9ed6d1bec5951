"""docs/statuses.md says what the lists say, and its command notices when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.status.code import CODES
from harness.status.code_table import ROWS
from harness.status.phase import Phase
from harness.status.reason import HONEST_REASONS, Reason
from tests.generate.page import page, table
from tests.generate.statuses_doc import CODE_GROUPS, main, statuses_page


def test_the_committed_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_page_is_refused_and_the_remedy_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "statuses.md"
    path.write_text(statuses_page() + "\n")
    assert main(["--check"], path) == 1
    assert "run: python -m tests.generate.statuses_doc" in capsys.readouterr().err
    assert main([], path) == 0
    assert path.read_text() == statuses_page()


def test_every_phase_reason_and_code_has_one_line() -> None:
    text = statuses_page()
    for word in (
        *(f"`{phase}` | {phase.meaning}" for phase in Phase),
        *(f"`{reason}` | {reason.meaning}" for reason in Reason),
    ):
        assert text.count(f"| {word} |") == 1, word
    for code in CODES:
        assert text.count(f"| `{code.name}` | `0x{code.value:08X}` | {code.meaning} | {code.ending} | {code.advice} |") == 1


def test_each_reason_names_what_it_is_honest_for() -> None:
    lines = {line.split("`")[1]: line for line in statuses_page().splitlines() if line.startswith("| `")}
    for presentation, honest in HONEST_REASONS.items():
        assert all(presentation.value in lines[reason] for reason in honest)


def test_the_groups_of_codes_are_the_whole_catalogue_in_its_order() -> None:
    assert tuple(row for rows in CODE_GROUPS.values() for row in rows) == ROWS


def test_a_bar_in_a_cell_does_not_open_another_cell() -> None:
    assert table(["a", "b"], [["x|y", "z"]]).splitlines() == ["| a | b |", "| --- | --- |", "| x&#124;y | z |"]


def test_blocks_stand_apart_and_the_page_ends_in_one_newline() -> None:
    assert page("one", "two") == "one\n\ntwo\n"
