"""Scenarios as tests of pytest, and the harness as fixtures.

Loaded by every pytest run on a machine where drm-harness is installed, so it imports nothing of the harness before something
asks for it: a run without scenarios pays for this file alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.cli.clients import Client
    from harness.pytest_plugin.collecting import ScenarioFile
    from harness.pytest_plugin.serving import FakeServer
    from harness.pytest_plugin.worlds import ScenarioWorld

SUFFIXES = (".yaml", ".yml")

TOLD_BY_FIXTURES: pytest.StashKey[list[FakeServer]] = pytest.StashKey()
"""The fake servers of a test: what they saw is told if it fails."""

MARKER = (
    "scenario(name, ..., network=None, seed=None): the scenarios that the fixtures 'world' and 'fake_server' play: names, "
    "files, folders or 'tag:…', as for drm-harness run; the test runs once with each"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("drm-harness", "drm-harness: scenarios as tests")
    group.addoption(
        "--drm-client",
        action="append",
        metavar="SPEC",
        help="who is judged, as for drm-harness run; may be given several times [default: drm_client of the configuration, "
        "else reference]",
    )
    group.addoption(
        "--drm-profile", metavar="FILE|NAME", help="what the client promises [default: drm_profile of the configuration]"
    )
    group.addoption(
        "--drm-network",
        choices=("simulated", "loopback"),
        help="virtual time, or real sockets and real time [default: simulated for clients in process, loopback for programs]",
    )
    group.addoption("--drm-seed", type=int, metavar="N", help="names each run [default: each scenario's own]")
    group.addoption(
        "--drm-files",
        type=Path,
        metavar="DIR",
        help="write what is known of each run there, in a folder of its own: its trace, and its page",
    )
    parser.addini("drm_client", "who is judged, a line each (drm-harness)", type="linelist")
    parser.addini("drm_profile", "what the client promises (drm-harness)", default="")


@pytest.hookimpl(tryfirst=True)  # before Hypothesis's own plugin looks a profile up
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    if config.getoption("--hypothesis-profile", None) in ("dev", "nightly"):
        from harness.pytest_plugin.hypothesis_profiles import offer

        offer()
    if config.option.drm_client or config.option.drm_profile:  # a slip is told at once, and once
        from harness.pytest_plugin.choice import choice_of

        choice_of(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    if file_path.suffix not in SUFFIXES:
        return None
    from harness.pytest_plugin.collecting import scenario_file

    return scenario_file(file_path, parent)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "_scenario" in metafunc.fixturenames or "client_under_test" in metafunc.fixturenames:
        from harness.pytest_plugin.choice import parametrize

        parametrize(metafunc)


@pytest.fixture
def _scenario(request: pytest.FixtureRequest) -> Path:
    """The file of the scenario that the test is about."""
    chosen: Path = request.param  # pytest_generate_tests gives one, always
    return chosen


@pytest.fixture
def client_under_test(request: pytest.FixtureRequest) -> Client:
    """Who is judged, as ``--drm-client`` or the configuration says; ``make()`` makes a fresh one.

    A suite may have a fixture of this name instead, which returns the client's class.
    """
    from harness.pytest_plugin.choice import choice_of

    chosen: Client = getattr(request, "param", None) or choice_of(request.config).clients[0]
    return chosen


@pytest.fixture
def world(request: pytest.FixtureRequest, _scenario: Path, client_under_test: Any) -> ScenarioWorld:
    """Where the marked scenario happens: ``play()`` plays and judges it, ``run(main)`` is for code of your own."""
    from harness.pytest_plugin.worlds import scenario_world

    return scenario_world(request, _scenario, client_under_test)


@pytest.fixture
def fake_server(request: pytest.FixtureRequest, _scenario: Path) -> Iterator[FakeServer]:
    """The fake services on real sockets, failing as the marked scenario says, while the test runs."""
    from harness.pytest_plugin.serving import serving

    with serving(request, _scenario) as server:
        request.node.stash.setdefault(TOLD_BY_FIXTURES, []).append(server)
        yield server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and report.when == "call" and TOLD_BY_FIXTURES in item.stash:
        report.sections += [("what fake_server saw", server.told()) for server in item.stash[TOLD_BY_FIXTURES]]
    return report
