"""The page's example is the file that stands beside it, and it holds."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

DOCS = Path(__file__).resolve().parents[3] / "docs"
EXAMPLE = DOCS / "examples" / "explored_client.py"


def test_the_page_shows_the_example_as_it_is() -> None:
    code = EXAMPLE.read_text().split('"""\n\n', 1)[1]
    assert f"```python\n{code}```" in (DOCS / "explore.md").read_text()


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRM_HARNESS_EXPLORED", str(tmp_path))
    spec = importlib.util.spec_from_file_location("explored_client", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    quickly = settings(max_examples=5, stateful_step_count=6, derandomize=True, database=None, deadline=None)
    run_state_machine_as_test(module.Acquisition, settings=settings(quickly, suppress_health_check=list(HealthCheck)))
    assert list(tmp_path.iterdir()) == []
