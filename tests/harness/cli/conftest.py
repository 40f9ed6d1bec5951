"""Every test of the command line starts in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command runs, and writes."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
