"""docs/operations.md says what the tables say, and its command notices when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.operations.catalogue import OPERATIONS
from harness.operations.diagram import mermaid
from harness.operations.modern_names import MODERN_NAMES
from tests.generate.operations_doc import main, operations_page


def test_the_committed_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_or_missing_page_is_refused_and_the_remedy_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "operations.md"
    assert main(["--check"], page) == 1
    assert not page.exists(), "a check writes nothing"
    assert main([], page) == 0
    assert main(["--check"], page) == 0
    page.write_text(page.read_text().replace("starting", "beginning", 1))
    assert main(["--check"], page) == 1
    assert (
        capsys.readouterr().err.splitlines()
        == ["operations.md is not what the tables say now; run: python -m tests.generate.operations_doc"] * 2
    )


def test_a_word_that_the_command_does_not_know_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--chekc"], tmp_path / "operations.md") == 2
    assert "usage: python -m tests.generate.operations_doc [--check]" in capsys.readouterr().err


def test_each_operation_has_a_section_with_its_figure_and_a_line_for_every_row() -> None:
    page = operations_page()
    sections = page.split("\n## ")[1:]
    assert len(sections) == len(OPERATIONS)
    for section, lifecycle in zip(sections, OPERATIONS.values(), strict=True):
        assert f"```mermaid\n{mermaid(lifecycle)}\n```" in section
        for row in lifecycle.rows:
            assert f"| {row.source} | `{row.trigger}` | " in section


def test_each_operation_has_its_names_of_today() -> None:
    assert set(MODERN_NAMES) == set(OPERATIONS)
    page = operations_page()
    for names in MODERN_NAMES.values():
        assert all(f"| {name} |" in page for name in (names.eme, names.android, names.playready))
