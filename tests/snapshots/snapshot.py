"""Texts that users meet, kept in files beside the tests: a change of wording is then seen, and meant."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"
UPDATE = "UPDATE_SNAPSHOTS"


def assert_same(name: str, text: str) -> None:
    """The text is what ``texts/<name>`` holds. With UPDATE_SNAPSHOTS=1 the file is written instead."""
    file = FOLDER / name
    if os.environ.get(UPDATE) == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.is_file(), f"{file.name} is missing: run once with {UPDATE}=1 and look at what it holds"
    assert text == file.read_text(encoding="utf-8"), f"if this is meant: {UPDATE}=1, and look at the difference in {file.name}"
