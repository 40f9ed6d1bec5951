"""Prints the matrix and makes ``docs/players.md``: ``python -m tests.browsers.matrix``; with names of players, it only prints.

Every player, with default and tuned settings, plays every acquisition scenario that Clear Key can carry. What fails is played
twice more, and told only if it failed all three times. It takes about half an hour, in real time.
"""

from __future__ import annotations

import multiprocessing
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from harness.adapters.browser import TUNED, player_names, player_profile
from harness.errors import HarnessError
from harness.scenario.library import find
from harness.scenario.load import load_scenario, networks
from harness.scenario.model import Scenario
from tests.browsers.page import Facts, matrix, written
from tests.browsers.playing import Ran, browser_version, ran
from tests.generate.page import ROOT

TARGET = ROOT / "docs" / "players.md"
TIMES = 3
WORKERS = 3
"""Runs mostly wait; three at a time leave each enough of a small machine."""

USAGE = 2


def specs(only: Sequence[str]) -> list[str]:
    """The players and their settings, as the command line names them.

    Raises:
        HarnessError: There is no player of such a name.
    """
    if unknown := [name for name in only if name not in player_names()]:
        raise HarnessError(f"there is no player {unknown[0]!r}; there are {', '.join(player_names())}")
    found = []
    for name in player_names():
        if not only or name in only:
            found.append(f"browser:{name}")
            if player_profile(name)[1].tuned is not None:
                found.append(f"browser:{name}:{TUNED}")
    return found


def scenarios() -> list[Path]:
    """The acquisition scenarios that speak Clear Key and need one key: the film on the page has no more."""
    files = find(["license_acquisition"])
    loaded = {file: load_scenario(file) for file in files}
    return [file for file, one in loaded.items() if _can_be_played(one)]


def _can_be_played(scenario: Scenario) -> bool:
    return (
        scenario.dialect == "clearkey" and "loopback" in networks(scenario) and not scenario.given.also and not scenario.device
    )


def played(pairs: Sequence[tuple[str, Path]], times: int) -> dict[tuple[str, Path], list[Ran]]:
    """Each pair so many times, several at once in processes with a browser each."""
    came: dict[tuple[str, Path], list[Ran]] = {pair: [] for pair in pairs}
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = {pool.submit(ran, *pair): pair for pair in pairs for _ in range(times)}
        for number, done in enumerate(as_completed(waiting), start=1):
            try:
                one = done.result()
            except HarnessError as error:
                print(f"[{number}/{len(waiting)}] {waiting[done]}: cannot be played: {error}", file=sys.stderr, flush=True)
                continue
            came[waiting[done]].append(one)
            said = ", ".join(failed.check for failed in one.failed) or "held"
            print(f"[{number}/{len(waiting)}] {one.client} · {one.scenario}: {said}", file=sys.stderr, flush=True)
    return came


def main(only: Sequence[str]) -> int:
    """Play all and write the page. Exit status 0, or 2 if something is not there to play with."""
    try:
        pairs = [(spec, file) for spec in specs(only) for file in scenarios()]
        came = played(pairs, 1)
        can = {file for _, file in pairs if all(came[pair] for pair in pairs if pair[1] == file)}
        pairs = [pair for pair in pairs if pair[1] in can]
        doubtful = [pair for pair in pairs if came[pair][0].failed]
        for pair, more in played(doubtful, TIMES - 1).items():
            came[pair] += more
        came = {pair: came[pair] for pair in pairs}
        page = written(came, browser_version(), TIMES)
        print(page if only else re.sub(r"\[(.+?)\]\(.+?\)", r"\1", matrix(Facts(came, TIMES))))
        if only:
            return 0
        TARGET.write_text(page, encoding="utf-8")
    except HarnessError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE
    print(f"written: {TARGET.relative_to(ROOT)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
