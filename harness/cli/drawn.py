"""``drm-harness enumerate --volume``: sequences drawn by the ten thousand, watched, and judged where something stands out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from rich.console import RenderableType
from rich.text import Text

import harness
from harness.checks.judge import worst
from harness.checks.registry import Ruling, Verdict
from harness.cli.clients import Client
from harness.cli.enumerating import Failure, Wanted, badness, note_failures, spaces_of
from harness.cli.scenario_files import ScenarioFiles
from harness.explore.histories import Space, scenario_of
from harness.report.plain_text import counted, plain
from harness.report.progress import Progress
from harness.runner import run
from harness.scenario.model import Scenario
from harness.tiers.tier import core_client
from harness.tiers.volume import EVERY, Volume, play_volume
from harness.world.real_time import real_s

SHOWN_EVERY = 100


@dataclass(slots=True)
class Drawn:
    """What came of it.

    Attributes:
        took_s: Real seconds.
        worst: Of all that was judged; what was only watched says nothing.
    """

    wanted: Wanted
    spaces: tuple[Space, ...]
    volume: Volume = field(default_factory=Volume)
    failures: dict[tuple[str, str], Failure] = field(default_factory=dict)
    worst: Ruling = Ruling.NOT_APPLICABLE
    took_s: float = 0.0
    interrupted: bool = False

    @property
    def rate(self) -> float:
        """Histories a second, drawing and judging included."""
        return self.volume.played / self.took_s if self.took_s else 0.0


def play_drawn(wanted: Wanted, count: int, client: Client, progress: Progress) -> Drawn:
    """Draw so many sequences under the seed, and watch them; an interruption ends it, with what was seen until then."""
    done = Drawn(wanted, spaces_of(wanted, client))
    files = ScenarioFiles(wanted.folder)

    def judges(scenario: Scenario, seed: int) -> Sequence[Verdict]:
        ran = run(
            scenario,
            client.make,
            client_name=client.name,
            adapter=client.adapter,
            network="simulated",
            seed=seed,
            tier="model",
        )
        done.worst = min(done.worst, worst(ran.verdicts), key=badness)
        note_failures(done.failures, files, client, "model", scenario, seed, ran.verdicts)
        return ran.verdicts

    began_s = real_s()
    try:
        drawn = _drawn(done.spaces, count, wanted.seed)
        for volume in play_volume(drawn, core_client(client.make(), "model"), judges, profile=client.profile):
            done.volume, done.took_s = volume, real_s() - began_s
            if volume.played % SHOWN_EVERY == 0:
                progress.show(volume.played, count, f"{done.rate:,.0f} sequences a second, {volume.hits:,} stood out")
    except KeyboardInterrupt:
        done.interrupted = True
    return done


def _drawn(spaces: tuple[Space, ...], count: int, seed: int) -> Iterator[tuple[Scenario, int]]:
    """Each ground as often as any other, each fault of an attempt as likely as any other, and no fault as one of them."""
    chance = Random(f"volume {seed}")
    for number in range(1, count + 1):
        space = chance.choice(spaces)
        row = [chance.randrange(len(slot.choices)) for slot in space.slots]
        yield scenario_of(space.history(row), number=number, found_by="drawn"), seed + number


# ── as text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def told(done: Drawn, client: Client) -> Iterator[RenderableType]:
    """For people."""
    wanted, volume = done.wanted, done.volume
    yield Text(
        f"drm-harness {harness.__version__} · client {client.name} · model tier, watched · {wanted.operation.value} · "
        f"{counted(wanted.attempts, 'attempt')} · {counted(len(wanted.faults), 'fault')} · seed {wanted.seed}"
    )
    for space in done.spaces:
        yield Text(f"  {space.ground.name}: drawn from {space.size:,} sequences")
    yield Text()
    yield Text(f"{volume.played:,} sequences in {done.took_s:.1f} s: {done.rate:,.0f} a second")
    yield Text(f"{volume.in_full:,} of them were played in full, the others looked up")
    yield Text(f"{volume.hits:,} stood out; {volume.judged:,} were judged by all checks: these, and one in {EVERY}")
    yield from failures_told(done.failures.values())
    yield Text()
    kinds = counted(len(done.failures), "kind") + " of failure" if done.failures else "no failure"
    ended = "interrupted" if done.interrupted else done.worst.value
    yield Text(f"{ended}: {kinds} among {counted(volume.judged, 'sequence')} judged")


def failures_told(failures: Iterable[Failure]) -> Iterator[Text]:
    """Each kind of failure: its check, what was seen, how often, and the command that plays it again."""
    for failure in failures:
        verdict = failure.verdict
        yield Text()
        yield Text(f"{'FAIL' if verdict.check.level == 'must' else 'fail'} {verdict.check.id} {verdict.check.title}")
        yield Text(f"  expected {plain(verdict.finding.expected)}; observed {plain(verdict.finding.observed)}")
        yield Text(f"  {counted(failure.times, 'time')}, first in: {failure.scenario.about}")
        yield Text(f"  {failure.command}")


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_data(done: Drawn, client: Client) -> dict[str, Any]:
    """For scripts."""
    wanted, volume = done.wanted, done.volume
    return {
        "command": "enumerate",
        "version": harness.__version__,
        "client": client.name,
        "operation": wanted.operation.value,
        "tier": "model",
        "attempts": wanted.attempts,
        "seed": wanted.seed,
        "spaces": [{"ground": space.ground.name, "sequences": space.size} for space in done.spaces],
        "played": volume.played,
        "played_in_full": volume.in_full,
        "stood_out": volume.hits,
        "judged": volume.judged,
        "seconds": round(done.took_s, 3),
        "sequences_a_second": round(done.rate, 1),
        "interrupted": done.interrupted,
        "failures": [failure.as_data() for failure in done.failures.values()],
        "ruling": done.worst.value,
    }
