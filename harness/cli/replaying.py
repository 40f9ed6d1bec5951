"""What is known to have broken once is played first: the library's regressions, then the failures in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fake_servers.faults.base import Network
from harness.checks.registry import Ruling
from harness.cli.clients import Client
from harness.cli.selection import why_not
from harness.explore.explorer import Exploration, Play
from harness.explore.known import Known
from harness.report.plain_text import counted
from harness.report.progress import Progress
from harness.scenario.library import find, scenario_name
from harness.scenario.load import load_scenario
from harness.scenario.model import Scenario

REGRESSIONS = "regressions"
"""The folder of the library that holds them."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it.

    Attributes:
        regressions: Scenarios of the library that were played.
        regressed: Those that broke checks, by name, with the ids of the checks.
        kept: Scenarios of the database that were played.
        broke: How many of them still broke a check; they are findings of the search.
        forgotten: How many of the database broke nothing any more, and were taken out of it.
        unreadable: Texts in the database that this version cannot read.
    """

    regressions: int = 0
    regressed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kept: int = 0
    broke: int = 0
    forgotten: int = 0
    unreadable: int = 0

    def told(self) -> str:
        """In one line; empty if nothing was played."""
        parts = [counted(self.regressions, "regression")] if self.regressions else []
        parts += [counted(self.kept, "known failure")] if self.kept else []
        if not parts and not self.unreadable:
            return ""
        broke = self.broke + len(self.regressed)
        came = [f"{broke} broke a check" if broke else "none broke a check"]
        came += [f"{self.forgotten} forgotten, as they broke nothing any more"] if self.forgotten else []
        came += [f"{self.unreadable} more could not be read by this version"] if self.unreadable else []
        return f"played first: {' and '.join(parts) or 'nothing'}; {', '.join(came)}"


NOTHING = Replayed()


def replay_first(
    exploration: Exploration,
    known: Known | None,
    client: Client,
    *,
    network: Network,
    on_the_wire: Play,
    progress: Progress,
    is_over: Callable[[], bool],
) -> Replayed:
    """Play them. Regressions are played with all of the wire, where they were met."""
    regressions = kept = broke = forgotten = 0
    regressed: dict[str, tuple[str, ...]] = {}
    for scenario in _applicable(_regressions(), exploration, client, network):
        if is_over():
            break
        progress.say(f"first what broke once: {scenario.name}")
        failed = (verdict for verdict in on_the_wire(scenario).verdicts if verdict.ruling is Ruling.FAILED)
        if checks := tuple(verdict.check.id for verdict in failed):
            regressed[scenario.name] = checks
        regressions += 1
    scenarios = known.scenarios() if known is not None else []
    for scenario in _applicable(scenarios, exploration, client, network):
        if is_over():
            break
        progress.say(f"first what broke once: known failure {kept + 1}")
        kept += 1
        if exploration.replay(scenario):
            broke += 1
        elif known is not None:
            known.forget(scenario)
            forgotten += 1
    return Replayed(regressions, regressed, kept, broke, forgotten, known.unreadable if known is not None else 0)


def _regressions() -> Iterator[Scenario]:
    return (load_scenario(file) for file in find([]) if scenario_name(file).startswith(f"{REGRESSIONS}/"))


def _applicable(
    scenarios: Iterable[Scenario], exploration: Exploration, client: Client, network: Network
) -> Iterator[Scenario]:
    """Those that this client can meet, with the faults and operations that are looked at."""
    operations = {ground.operation for ground in exploration.menu.grounds}
    faults = set(exploration.menu.faults)
    for scenario in scenarios:
        is_looked_at = scenario.operation in operations and faults.issuperset(rule.fault.name for rule in scenario.faults)
        if is_looked_at and not why_not(scenario, client, network):
            yield scenario
