"""The clients of docs/examples/clients are judged as they stand there, and what is known against them is all there is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.checks.registry import Ruling
from harness.scenario.expected_failures import news
from tests.generate.clients_doc import TARGET, text
from tests.suite.example_clients import EXAMPLE_CLIENTS, FOLDER, JUDGED, ExampleClient, failures_of, play_example

IN_CI = os.environ.get("CI") == "true"

each_client = pytest.mark.parametrize("client", EXAMPLE_CLIENTS, ids=[client.name for client in EXAMPLE_CLIENTS])


def ready(client: ExampleClient, to: Path) -> Path:
    """The client's folder with all that it needs; in CI nothing may be missing, and what npm knows is installed into a copy."""
    missing = [program for program in client.needs if shutil.which(program) is None]
    if missing and not IN_CI:
        pytest.skip(f"{client.name} needs {' and '.join(missing)} (Debian and Ubuntu: apt-get install nodejs npm curl)")
    assert not missing, f"not installed: {missing}"
    if not (client.folder / "package.json").exists() or (client.folder / "node_modules").is_dir():
        return client.folder
    if not IN_CI:
        pytest.skip(f"{client.name} needs its library: cd {client.folder} && npm install")
    folder = to / client.name
    shutil.copytree(client.folder, folder)
    install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@each_client
def test_it_fails_exactly_what_is_known_against_it(client: ExampleClient, tmp_path: Path) -> None:
    runs = play_example(client, folder=ready(client, tmp_path))
    found = news(client.known, [(client.name, each.name) for each in JUDGED], failures_of(runs))
    assert found.failures == ()
    assert found.passes == ()
    assert found.unused == ()
    doubts = [
        (done.trace.head.scenario.name, v.check.id) for done in runs for v in done.verdicts if v.ruling is Ruling.INCONCLUSIVE
    ]
    assert doubts == []
    held = {verdict.check.id for done in runs for verdict in done.verdicts if verdict.ruling is Ruling.PASSED}
    assert held >= {"STATUS-004", "RETRY-003", "RETRY-004", "EXPECT-001"}
    assert len(held) >= (10 if client.command.startswith("wire:") else 20)  # it was judged at all


@each_client
def test_it_is_short_enough_to_be_read(client: ExampleClient) -> None:
    assert len((client.folder / client.file).read_text(encoding="utf-8").splitlines()) <= 150


@each_client
def test_its_profile_goes_by_its_name(client: ExampleClient) -> None:
    assert client.profile.name == client.name


def test_there_is_no_folder_of_a_client_that_nobody_judges() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == {client.name for client in EXAMPLE_CLIENTS}


def test_libraries_from_npm_have_an_exact_version_and_no_lock_file() -> None:
    for package in FOLDER.glob("*/package.json"):
        versions = re.search(r'"dependencies": \{(.*?)\}', package.read_text(encoding="utf-8"), re.DOTALL)
        assert versions is not None
        assert re.fullmatch(r'(\s*"[\w@/.-]+": "\d+\.\d+\.\d+",?)+\s*', versions[1])
        assert not (package.parent / "package-lock.json").exists()


def test_the_table_of_findings_is_fresh() -> None:
    assert TARGET.read_text(encoding="utf-8") == text(), "run: python -m tests.generate.clients_doc"
