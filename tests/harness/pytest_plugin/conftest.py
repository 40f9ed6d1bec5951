"""A pytest within pytest: a suite of its own folder, with our plugin, and everything of ours imported beforehand."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path

import pytest

import harness.pytest_plugin

for _module in pkgutil.iter_modules(harness.pytest_plugin.__path__):  # what the inner pytest imports first, it forgets again
    importlib.import_module(f"harness.pytest_plugin.{_module.name}")
importlib.import_module("harness.report.page")

ROOT = Path(__file__).resolve().parents[3]
FLAWED = f"python:{ROOT}/tests/flawed_clients/success_on_captive_portal.py:Client"
NEEDLESS = ("schemathesis", "cacheprovider", "anyio", "timeout", "randomly")

Inner = Callable[..., pytest.RunResult]


@pytest.fixture
def inner(pytester: pytest.Pytester) -> Inner:
    """Runs pytest in the folder of the test, in this process."""

    def run(*arguments: str) -> pytest.RunResult:
        without = [word for name in NEEDLESS for word in ("-p", f"no:{name}")]
        return pytester.runpytest_inprocess(*without, "-Werror", *arguments)

    return run


@pytest.fixture
def portal(pytester: pytest.Pytester) -> Path:
    """A scenario that the flawed client breaks, in a folder beside a YAML file that is none."""
    folder = pytester.mkdir("scenarios")
    library = ROOT / "scenarios" / "license_acquisition"
    file = folder / "captive_portal.yaml"
    file.write_text((library / "captive_portal.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "compose.yml").write_text("services:\n  web: {image: nginx}\n", encoding="utf-8")
    return file
