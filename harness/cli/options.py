"""The options that ``run`` and ``validate`` share, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from fake_servers.faults.base import Network
from harness.cli.report_files import REPORT_FILES, ReportFiles
from harness.languages.catalogue import language_named, language_of, languages
from harness.runner.time import MOST, Asked, TimeWanted
from harness.tiers.tier import ABOUT, TIERS, Tier

F = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for beside scenarios and clients."""

    network: Network | None
    tier: Tier
    time: Asked
    speed: int
    seed: int | None
    interleave: int | None
    traces: Path | None
    files: ReportFiles
    as_json: bool
    expected_failures: Path | None
    verbose: bool
    language: str

    @classmethod
    def given(cls, *, html: Path | None, junit: Path | None, sarif: Path | None, **others: Any) -> Options:
        """What the command was given, by the names of ``SHARED``."""
        return cls(files=ReportFiles(html=html, junit=junit, sarif=sarif), **others)

    @property
    def wanted(self) -> TimeWanted:
        """Which time was asked for."""
        return TimeWanted(self.time, self.speed)


def playing_options(command: F) -> F:
    """Declare the shared options; the command gets them as keyword arguments, for ``Options.given``."""
    for option in reversed(SHARED):
        command = option(command)
    return command


SELECTION = click.argument("selection", nargs=-1)

TAGS = click.option("--tag", "tags", multiple=True, metavar="TAG", help="Scenarios with this tag; the same as tag:TAG.")

PROFILE = click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="FILE|NAME",
    help="What the client promises; goes before what it says itself. Names: drm-harness list profiles.",
)


def _language(ctx: click.Context, parameter: click.Parameter, wanted: str | None) -> str:
    return language_of(os.environ) if wanted is None else language_named(wanted)


LANG = click.option(
    "--lang",
    "language",
    callback=_language,
    metavar="LANGUAGE",
    help=f"Show what a client's user reads in this language: {', '.join(languages())}, or a catalogue of your own, as ./de.po. "
    "[default: the locale's]",
)

SHARED: tuple[Callable[[F], F], ...] = (
    click.option(
        "--network",
        type=click.Choice(["simulated", "loopback"]),
        help="Virtual time in this process, or real sockets and real time. "
        "[default: simulated for clients in process, loopback for programs]",
    ),
    click.option(
        "--tier",
        type=click.Choice(TIERS),
        default="wire",
        show_default=True,
        help="How much of the wire is real, for the reference client and clients built on its core: "
        + "; ".join(f"{tier}: {about}" for tier, about in ABOUT.items())
        + ".",
    ),
    click.option(
        "--time",
        type=click.Choice(Asked, case_sensitive=False),
        default=Asked.AUTO,
        help="Of programs on loopback: real; scaled, which runs faster by means of libfaketime; or scaled wherever it can be "
        "relied on. What does not hold in scaled time is played again in real time. [default: auto]",
    ),
    click.option(
        "--speed",
        type=click.IntRange(min=2),
        default=MOST,
        metavar="N",
        help="Scaled time is at most N times as fast. [default: 60]",
    ),
    click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Names the run. [default: each scenario's own]"),
    click.option(
        "--interleave",
        type=click.IntRange(min=0),
        metavar="N",
        help="What is ready at the same moment runs in an order drawn from N, to find races. Simulated network only. "
        "[default: asyncio's order]",
    ),
    click.option(
        "--trace",
        "traces",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Write every trace there, as JSON Lines. [default: only those of runs not held, to drm-harness-traces]",
    ),
    *REPORT_FILES,
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text."),
    click.option(
        "--expected-failures",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Known failures: those listed break nothing, and one that no longer comes does.",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Tell all of every run, also of those that held."),
    LANG,
)


def patterns_of(selection: tuple[str, ...], tags: tuple[str, ...]) -> list[str]:
    """What was selected, in the words of ``harness.scenario.library.find``."""
    return [*selection, *(f"tag:{tag}" for tag in tags)]
