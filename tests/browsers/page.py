"""The page of the players' matrix, from what the runs showed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import harness
from harness.adapters.browser import player_profile
from harness.checks.registry import CHECKS
from harness.scenario.load import load_scenario
from tests.browsers.playing import Failed, Ran
from tests.generate.page import ROOT, page, table

Came = Mapping[tuple[str, Path], Sequence[Ran]]

INTRODUCTION = """\
# Players in a browser: what was measured

<!-- Made by `make players` (python -m tests.browsers.matrix); do not change it by hand. -->

Unmodified players, in {browser}, headless, against the fake license service of drm-harness {version}; Clear Key, one license,
the service on another origin than the page. What is told here was seen {times} times out of {times}. A page that does as little
as it can plays the film, waits for its end, and calls the player again when the scenario's user tries again; how each page does
that stands in [browser-players.md](browser-players.md), as does what a player's own events are taken to say.

These are measurements of one version each, with the settings that are named, in a page that adds no error handling of its own.
Every player has hooks by which an application can do better, and many do. A rule of the harness is not always a promise of the
player's: what a player promises stands in its profile. If something here is wrong or no longer true, please say so; the makers'
own documentation goes before this page."""

LEGEND = """\
**held**: every check that had something to say held. Otherwise the checks that failed each time; `should` checks are in
brackets. What each asks, and why: `drm-harness explain RETRY-004`."""

COUNTS = """\
How many scenarios a check failed in, of those in which it had something to say. Checks that failed nowhere are left out."""

TOLD = """\
How the last round ended and, in quotes, what the player said to its page when a round failed. *POSTs* are license requests on
the wire; *by itself* are those of them that Chromium repeated because a connection that it had kept was dead: they are no
attempts of the player's. Preflights are not counted among them."""

SILENT = "nothing: no event for longer than its profile promises"
NOTHING_TO_SAY = "–"
LONGEST_SAYING = 160
PORT = re.compile(r"127\.0\.0\.1:\d+")


def written(came: Came, browser: str, times: int) -> str:
    """The whole page."""
    facts = Facts(came, times)
    introduction = INTRODUCTION.format(browser=browser, version=harness.__version__, times=times)
    return page(
        introduction,
        "## Who was measured",
        table(("client", "package", "settings that differ from the player's own"), map(_client, facts.specs)),
        "## Scenarios × players",
        LEGEND,
        matrix(facts),
        "## Checks × players",
        COUNTS,
        table(("check", "its rule", *(client_name(spec) for spec in facts.specs)), facts.check_rows()),
        "## What the user was told",
        TOLD,
        *facts.sayings(),
        "## Findings",
        *facts.findings(),
    )


def matrix(facts: Facts) -> str:
    """Scenarios × players."""
    return table(("scenario", *(client_name(spec) for spec in facts.specs)), facts.verdict_rows())


class Facts:
    """What the runs showed, looked at from several sides."""

    def __init__(self, came: Came, times: int) -> None:
        self.came, self.times = came, times
        self.specs = list(dict.fromkeys(spec for spec, _ in came))
        self.files = list(dict.fromkeys(file for _, file in came))

    def failures(self, spec: str, file: Path) -> list[Failed]:
        """Those of the first run that came in every other as well."""
        runs = self.came[spec, file]
        again = [{failed.check for failed in one.failed} for one in runs]
        return [failed for failed in runs[0].failed if len(runs) >= self.times and all(failed.check in each for each in again)]

    def verdict_rows(self) -> Iterator[tuple[str, ...]]:
        for file in self.files:
            yield (scenario_link(file), *(self._verdict(spec, file) for spec in self.specs))

    def _verdict(self, spec: str, file: Path) -> str:
        broken = [f"[{f.check}]" if CHECKS[f.check].level == "should" else f.check for f in self.failures(spec, file)]
        doubtful = self.came[spec, file][0].inconclusive
        return ", ".join(broken) or ("inconclusive" if doubtful else "held")

    def check_rows(self) -> Iterator[tuple[str, ...]]:
        for check in CHECKS.values():
            cells = [self._of_check(spec, check.id) for spec in self.specs]
            if any(cell[0] not in f"0{NOTHING_TO_SAY}" for cell in cells):
                yield (check.id, check.title, *cells)

    def _of_check(self, spec: str, check: str) -> str:
        judged = sum(check in self.came[spec, file][0].judged for file in self.files)
        broken = sum(check in {failed.check for failed in self.failures(spec, file)} for file in self.files)
        return f"{broken} of {judged}" if judged else NOTHING_TO_SAY

    def sayings(self) -> Iterator[str]:
        """A table for each scenario."""
        for file in self.files:
            yield f"### {scenario_link(file)}\n\n{load_scenario(file).about}"
            yield table(("client", "end", "said on failure", "POSTs", "by itself", "the user tried"), self._saying_rows(file))

    def _saying_rows(self, file: Path) -> Iterator[tuple[str, ...]]:
        for spec in self.specs:
            one = self.came[spec, file][0]
            said = [f'"{shortened(text)}"' for text in dict.fromkeys(one.texts)]
            reasons = [f"taken for {reason}" for reason in dict.fromkeys(one.reasons)]
            told = "; ".join([*said, *reasons]) or ("–" if one.outcome else SILENT)
            tried = "once" if one.rounds == 1 else f"{one.rounds} times"
            yield (client_name(spec), one.outcome or "none", told, str(one.posts), str(one.posts - one.attempts), tried)

    def findings(self) -> Iterator[str]:
        """One for each player and check, with every run that shows it. Checks that always fail together make one."""
        shown: dict[tuple[str, str], list[tuple[str, Path]]] = {}
        for spec in self.specs:
            for file in self.files:
                for failed in self.failures(spec, file):
                    shown.setdefault((player_of(spec), failed.check), []).append((spec, file))
        together: dict[tuple[str, tuple[tuple[str, Path], ...]], list[str]] = {}
        for (player, check), places in shown.items():
            together.setdefault((player, tuple(places)), []).append(check)
        for number, ((_, where), checks) in enumerate(together.items(), start=1):
            yield self._finding(number, checks, where)

    def _finding(self, number: int, checks: Sequence[str], places: Sequence[tuple[str, Path]]) -> str:
        spec, file = places[0]
        package = player_profile(client_name(spec))[1].package
        rule = CHECKS[checks[0]]
        others = "; ".join(
            f"{client_name(s)}, {scenario_link(f)}: {self._failed(s, f, checks[0]).observed}" for s, f in places[1:]
        )
        lines = [
            f"### {number}. {package}: {rule.title} ({', '.join(checks)})",
            "",
            f"- **seen with**: {client_name(spec)}, {scenario_link(file)}",
            *(self._seen(check, spec, file) for check in checks),
            f"- **seen too with**: {others or 'nothing else here'}",
            f"- **why it is asked**: {rule.source}",
            f"- **to see it**: `drm-harness run {file.parent.name}/{file.stem} --client {spec}`",
            "",
            "```text",
            self._failed(spec, file, checks[0]).timeline,
            "```",
        ]
        return "\n".join(lines)

    def _seen(self, check: str, spec: str, file: Path) -> str:
        observed = [failed.observed for one in self.came[spec, file] for failed in one.failed if failed.check == check]
        expected = self._failed(spec, file, check).expected
        return f"- **{check}** expected: {expected}; observed, {self.times} times: {' / '.join(dict.fromkeys(observed))}"

    def _failed(self, spec: str, file: Path, check: str) -> Failed:
        return next(failed for failed in self.failures(spec, file) if failed.check == check)


def _client(spec: str) -> tuple[str, str, str]:
    player = player_profile(spec.removeprefix("browser:"))[1]
    settings = f"`{json.dumps(player.settings)}`" if player.settings else "none"
    return (client_name(spec), player.package, settings)


def client_name(spec: str) -> str:
    """``shaka:tuned`` of ``browser:shaka:tuned``."""
    return spec.removeprefix("browser:")


def player_of(spec: str) -> str:
    """``shaka`` of ``browser:shaka:tuned``."""
    return client_name(spec).partition(":")[0]


def scenario_link(file: Path) -> str:
    """To the file, from the page."""
    return f"[{file.stem}](../{file.relative_to(ROOT).as_posix()})"


def shortened(text: str) -> str:
    """One line of what a player says, without this run's port."""
    words = PORT.sub("127.0.0.1:…", " ".join(text.split()))
    return words if len(words) <= LONGEST_SAYING else f"{words[:LONGEST_SAYING]}…"
