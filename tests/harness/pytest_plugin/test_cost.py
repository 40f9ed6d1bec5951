"""What the plugin costs whoever does not use it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOADED = """
import sys, pytest
sys.argv = ["pytest", "--collect-only", "-q", "-p", "no:schemathesis", "-p", "no:cacheprovider"]
assert pytest.main() == pytest.ExitCode.NO_TESTS_COLLECTED
print(*sorted(name for name in sys.modules if name.partition(".")[0] in ("harness", "fake_servers")))
"""


def test_a_run_without_scenarios_imports_the_plugin_alone(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  web: {image: nginx}\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert loaded == ["harness", "harness.pytest_plugin", "harness.pytest_plugin.collecting"]
