"""The command line in this process, as a script meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from harness.cli import cli
from tests.snapshots.snapshot import assert_same

ROOT = Path(__file__).resolve().parents[3]
FLAWED = f"python:{ROOT / 'tests/flawed_clients/success_on_captive_portal.py'}:Client"
PORTAL = "license_acquisition/captive_portal"
UNDISTURBED = "license_acquisition/undisturbed"


def invoke(*words: str) -> Result:
    """What the command prints and answers. Traces go where the test's current folder is."""
    return CliRunner().invoke(cli, words, prog_name="drm-harness")


def json_of(*words: str, exit_status: int = 0) -> Any:
    """What the command prints, which is JSON and nothing else."""
    result = invoke(*words)
    assert result.exit_code == exit_status, result.output
    return json.loads(result.stdout)


def assert_refused(name: str, *words: str) -> None:
    """The command does nothing, answers 2 and says on standard error what ``texts/errors/<name>.txt`` holds."""
    result = invoke(*words)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert_same(f"errors/{name}.txt", result.stderr)
