"""An import goes downward only: the contracts of pyproject.toml hold, and are seen to break."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Lint the packages in ``folder``, in a process of its own: import-linter puts the folder first on ``sys.path``."""
    return subprocess.run([sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copied_project(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("harness", "fake_servers"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_contract_is_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("fake_servers/planted.py", "import harness.errors"),  # the servers are usable alone
        ("harness/checks/planted.py", "import harness.world"),  # a check sees a trace and nothing else
        ("harness/client/planted.py", "import time"),  # only the world asks the wall clock
    ],
)
def test_a_planted_upward_import_is_found(copied_project: Path, module: str, planted: str) -> None:
    (copied_project / module).write_text(planted + "\n")
    result = lint(copied_project)
    importer = module.removesuffix(".py").replace("/", ".")
    assert result.returncode == 1
    assert f"{importer} -> {planted.removeprefix('import ')}" in result.stdout, result.stdout + result.stderr
