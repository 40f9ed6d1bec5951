"""Makes ``harness/report/examples.json``, which ``explain`` shows: ``python -m tests.generate.check_examples [--check]``.

For each check it looks for the shortest scenario in which the flawed client that proves the check fails it and the reference
client passes it. What the file names is kept as long as it serves: to play it again takes seconds, to search for all a minute.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain

from harness.checks.registry import CHECKS, Ruling, Verdict
from harness.client.reference import ReferenceClient
from harness.report.examples import Snippet, examples, snippet
from harness.scenario.library import scenario_root
from harness.scenario.load import load_scenario
from harness.scenario.model import Scenario
from harness.trace.trace import Trace
from tests.flawed_clients.catalogue import MUTANTS
from tests.generate.page import ROOT, write_or_check
from tests.suite.playing import BEYOND_SIMULATION, SIMULATED, MakesClient, play, within_promise

TARGET = ROOT / "harness" / "report" / "examples.json"


def text(scenarios: dict[str, Scenario | None]) -> str:
    """The whole file; for each check its scenario, or None to search for one."""
    found = {check: [asdict(one) for one in pair(check, scenarios[check])] for check in CHECKS}
    lines = (f" {json.dumps(check)}: {json.dumps(both, ensure_ascii=False)}" for check, both in found.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def pair(check: str, scenario: Scenario | None = None) -> tuple[Snippet, Snippet]:
    """A passing snippet and a failing one: of the same scenario, if the check has something to say of both in one."""
    mutants = [mutant for mutant in MUTANTS if mutant.caught_by == check]
    known = [(mutant, scenario) for mutant in mutants if scenario]
    fails: list[Snippet] = []
    for mutant, candidate in chain(known, ((each, other) for each in mutants for other in _by_length(each.client))):
        failed = _verdict(check, candidate, mutant.client)
        if failed[1].ruling is Ruling.FAILED:
            passed = _verdict(check, candidate, ReferenceClient)
            if passed[1].ruling is Ruling.PASSED:
                return snippet(*passed, "reference"), snippet(*failed, mutant.name, mutant.bug)
            fails.append(snippet(*failed, mutant.name, mutant.bug))
    if not fails:
        raise LookupError(f"no scenario in which a flawed client fails {check}")
    return _passing(check), fails[0]


def _passing(check: str) -> Snippet:
    """Of the plainest scenario in which the reference client passes it."""
    for candidate in _by_length(ReferenceClient):
        passed = _verdict(check, candidate, ReferenceClient)
        if passed[1].ruling is Ruling.PASSED:
            return snippet(*passed, "reference")
    raise LookupError(f"no scenario in which the reference client passes {check}")


def _by_length(client: MakesClient) -> Iterable[Scenario]:
    """Those with the fewest faults and acts first: they make the plainest examples. Real sockets last."""
    simulated = sorted(SIMULATED, key=lambda scenario: len(scenario.faults) + len(scenario.user))
    return within_promise([*simulated, *BEYOND_SIMULATION], client)


def _verdict(check: str, scenario: Scenario, client: MakesClient) -> tuple[Trace, Verdict]:
    ran = play(scenario, client, "simulated" if scenario in SIMULATED else "loopback")
    return ran.trace, next(verdict for verdict in ran.verdicts if verdict.check.id == check)


def named_in_the_file() -> dict[str, Scenario | None]:
    """Each check's scenario, as the file has it."""
    return {check: _load(both[0].scenario) if (both := examples(check)) else None for check in CHECKS}


def _load(name: str) -> Scenario:
    return load_scenario(scenario_root() / f"{name}.yaml")


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, text(named_in_the_file()), "tests.generate.check_examples", sys.argv[1:]))
