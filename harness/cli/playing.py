"""Plays a plan: run after run, each told as it ends; an error or an interruption loses none of what was seen before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from fake_servers.errors import FakeServerError
from harness.checks.registry import Ruling
from harness.cli.selection import Plan, Planned, why_not
from harness.errors import HarnessError, OutOfReachError
from harness.report.progress import Progress
from harness.report.results import NotRun, Result, UnexpectedPass
from harness.runner import Run, run
from harness.runner.run import Watcher
from harness.runner.time import Asked, TimeWanted, run_in_time
from harness.scenario.expected_failures import Failure, Listed, news
from harness.scenario.profile import Profile
from harness.trace.jsonl import write_trace
from harness.trace.trace import Trace

TRACES = Path("drm-harness-traces")
"""Where traces go that nobody asked for: those of runs that were not held."""

NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")

Tell = Callable[[Result | NotRun], None]
R = TypeVar("R", Result, NotRun)


@dataclass
class Played:
    """What came of a plan.

    Attributes:
        results: The judged runs.
        not_applicable: What turned out to be beyond what the client promises, by its own word.
        errors: What could not be run to its end.
        interrupted: The user stopped it.
    """

    results: list[Result] = field(default_factory=list)
    not_applicable: list[NotRun] = field(default_factory=list)
    errors: list[NotRun] = field(default_factory=list)
    interrupted: bool = False


def play(plan: Plan, *, listed: Sequence[Listed], traces: Path | None, progress: Progress, tell: Tell) -> Played:
    """Play every run of the plan. An interruption ends the run under way in order, and all that would follow.

    Args:
        listed: Failures that are known.
        traces: Where to write every trace; None writes those of runs that were not held, to ``TRACES``.
        tell: Called with each result as it comes, and with what gave none.
    """
    played, files = Played(), TraceFiles(traces)
    promised: dict[str, Profile] = {}
    try:
        for number, planned in enumerate(plan.runs, start=1):
            progress.show(number, len(plan.runs), f"{planned.scenario.name} · {planned.client.name}")
            if why := beyond_promise(planned, promised.get(planned.client.name)):
                _add(played.not_applicable, _not_run(planned, why), tell)
                continue
            try:
                ran = play_one(planned, progress.hear)
            except OutOfReachError as error:
                _add(played.not_applicable, _not_run(planned, str(error)), tell)
                continue
            except (HarnessError, FakeServerError) as error:
                _add(played.errors, _not_run(planned, str(error), is_error=True), tell)
                continue
            promised[planned.client.name] = ran.trace.profile
            if why := beyond_promise(planned, ran.trace.profile):  # a program tells its profile when it is started
                _add(played.not_applicable, _not_run(planned, why), tell)
                continue
            result = judged(planned, ran, listed)
            _add(played.results, replace(result, trace_file=files.write(result)), tell)
    except KeyboardInterrupt:
        played.interrupted = True
    return played


def play_one(planned: Planned, watch: Watcher | None = None) -> Run:
    """Play one run of a plan.

    Raises:
        HarnessError: It cannot be played to its end; FakeServerError likewise.
    """
    scenario, client, seed = planned.scenario, planned.client, planned.seed
    if planned.network == "simulated":
        return run(
            scenario,
            client.make,
            client_name=client.name,
            adapter=client.adapter,
            network=planned.network,
            seed=seed,
            tier=planned.tier,
            interleave=planned.interleave,
        )
    return run_in_time(
        scenario,
        client.make,
        planned.wanted,
        client_name=client.name,
        adapter=client.adapter,
        seed=seed,
        watch=watch,
    )


def judged(planned: Planned, ran: Run, listed: Sequence[Listed] = ()) -> Result:
    """What came of it, and what plays it again."""
    return Result(
        ran.trace,
        ran.verdicts,
        known(listed, planned.client.name, planned.scenario.name),
        (replace(planned, wanted=TimeWanted(Asked.REAL)) if ran.rerun_after else planned).command,
        rerun_after=ran.rerun_after,
        why_real=ran.why_real,
        scenario_file=str(planned.file),
    )


def beyond_promise(planned: Planned, profile: Profile | None) -> str:
    """Why a run does not apply, now that the client has said what it promises; empty if it does, or has said nothing yet."""
    return why_not(planned.scenario, planned.client, planned.network, profile) if profile is not None else ""


def _not_run(planned: Planned, why: str, *, is_error: bool = False) -> NotRun:
    return NotRun(planned.scenario.name, planned.client.name, why, is_error)


def _add(to: list[R], came: R, tell: Tell) -> None:
    to.append(came)
    tell(came)


def known(listed: Iterable[Listed], client: str, scenario: str) -> dict[str, str]:
    """Ids of the checks whose failure is listed for such a run, with why it is accepted."""
    return {each.failure.check: each.failure.because for each in listed if each.failure.covers(client, scenario)}


def unforeseen(listed: Sequence[Listed], results: Sequence[Result]) -> tuple[tuple[UnexpectedPass, ...], tuple[str, ...]]:
    """Listed failures that cover a run here and came in none; and the places of those that cover no run at all."""
    runs = sorted({(result.client, result.scenario) for result in results})
    failed = [
        Failure(result.client, result.scenario, verdict.check.id)
        for result in results
        for verdict in result.verdicts
        if verdict.ruling is Ruling.FAILED
    ]
    found = news(listed, runs, failed)
    passes = tuple(
        UnexpectedPass(
            each.failure.check,
            each.failure.scenario,
            tuple(dict.fromkeys(client for client, scenario in runs if each.failure.covers(client, scenario))),
            each.place,
        )
        for each in found.passes
    )
    return passes, tuple(each.place for each in found.unused)


class TraceFiles:
    """Writes traces, each into a file of its own."""

    def __init__(self, folder: Path | None) -> None:
        self._all = folder is not None
        self._folder = folder or TRACES
        self._written: set[str] = set()

    def write(self, result: Result) -> str:
        """Write the trace of a result if it is wanted; where it stands, or empty."""
        if not self._all and result.ruling is Ruling.PASSED:
            return ""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / self._free(file_stem(result.trace))
        with path.open("w", encoding="utf-8", newline="\n") as file:
            write_trace(result.trace, file)
        return str(path)

    def _free(self, stem: str) -> str:
        """Two scenarios of one name, from different folders, do not overwrite each other within one command."""
        name, number = f"{stem}.jsonl", 1
        while name in self._written:
            number += 1
            name = f"{stem}-{number}.jsonl"
        self._written.add(name)
        return name


def file_stem(trace: Trace) -> str:
    """``license_acquisition.tunnels.reference.seed7``."""
    head = trace.head
    client = NOT_IN_A_FILE_NAME.sub("-", head.client).strip("-.") or "client"
    scenario = NOT_IN_A_FILE_NAME.sub("-", head.scenario.name.replace("/", "."))
    return f"{scenario}.{client}.seed{head.seed}"
