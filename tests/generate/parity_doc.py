"""Makes ``docs/parity.md``: plays everything on both networks, in half a minute. ``python -m tests.generate.parity_doc``."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from tests.fake_servers.faults.examples import HOUSE
from tests.generate.page import page, table, write_or_check
from tests.networks.client_programs import PROGRAMS, TIME_LIMIT_S
from tests.networks.fault_parity import Met, meet_all
from tests.networks.known_differences import IN_FAULTS, IN_SCENARIOS, Known, unexplained
from tests.networks.scaling import SHORTEST_LIMIT_S
from tests.networks.scenario_parity import PAGE_PATIENCE_S, Compared, compare
from tests.suite.playing import LIBRARY, SIMULATED

TARGET = Path(__file__).resolve().parents[2] / "docs" / "parity.md"
SHOWN = ("aiohttp", "httpx")

INTRODUCTION = """\
# Parity: the simulated network and real sockets

<!-- Made by `python -m tests.generate.parity_doc`; do not edit. -->

Everything here was played twice by the same program: on the simulated network in virtual time, and over loopback sockets in
real time. What differs is listed and explained; a difference that is not listed fails the tests, and so does a listed one that
is gone."""

FAULTS = f"""\
## Faults

One POST meets the fault; a second one follows on the same session. Compared are the status, every byte that the program got,
the exception with its type, its error number and all causes behind it (← reads *because of*), and within tolerance the time it
took; over HTTP and over HTTPS. The time limit is {TIME_LIMIT_S:g} s; for aiohttp in total, for httpx of each step. The programs
are {", ".join(PROGRAMS)}; the table shows the first two."""

SCENARIOS = f"""\
## Scenarios

The reference client plays each scenario on both networks. Compared are the verdicts, the sequence within each lane (user,
client, each connection, faults, services), cause and effect (request, truth, reply, next status), and the time of each status
within tolerance. *Speed* says how much faster than written a scenario was played, on both networks: all that somebody waits for
is scaled (faults, the user, the client's pauses and time limits, but no limit below {SHORTEST_LIMIT_S:g} s). That scaling alone
changes nothing in any lane is compared as well, in virtual time."""


def faults_text(met: Sequence[Met]) -> str:
    """The section on faults."""
    return "\n\n".join([FAULTS, table(("fault", *SHOWN, "both networks"), _fault_rows(met)), *_explained(IN_FAULTS)])


def _fault_rows(met: Sequence[Met]) -> Iterator[tuple[str, ...]]:
    for (fault, parameters), group in groupby(met, key=lambda each: (each.case.fault, each.case.parameters)):
        of_one = list(group)
        cells = [_cell([each for each in of_one if each.case.program == program]) for program in SHOWN]
        differ = any(True for each in of_one for _ in each.differences())
        yield (f"`{fault}`" + (f" {parameters}" if parameters else ""), *cells, "differ" if differ else "equal")
    for fault, cls in sorted(HOUSE.items()):
        if fault not in {each.case.fault for each in met}:
            yield (f"`{fault}`", "", "", f"{' and '.join(sorted(cls.reach))} only")


def _cell(met: Sequence[Met]) -> str:
    """What the program got; over TLS separately where that is something else."""
    plain = {each.case.tls: str(each.simulated[0]) for each in met}
    if len(set(plain.values())) == 1:
        return next(iter(plain.values()))
    return f"{plain[False]}<br>over TLS: {plain[True]}"


def scenarios_text(compared: Sequence[Compared]) -> str:
    """The section on scenarios."""
    blocks = [SCENARIOS, table(("scenario", "takes", "speed", "both networks"), _scenario_rows(compared))]
    for name, patience_s in PAGE_PATIENCE_S.items():
        blocks.append(
            f"`{name}` is played by a client that watches the page for {patience_s:g} s instead of 10 min: over so many looks, "
            "what a busy machine adds to each would come to one look more or less, and scaling makes that worse."
        )
    return "\n\n".join([*blocks, *_explained(IN_SCENARIOS)])


def _scenario_rows(compared: Iterable[Compared]) -> Iterator[tuple[str, ...]]:
    for each in compared:
        speed = "as written" if each.factor == 1 else f"× {1 / each.factor:.1f}"
        yield (f"`{each.scenario}`", f"{each.full_s:.1f} s", speed, _verdict(each))
    for scenario in LIBRARY:
        if scenario not in SIMULATED:
            yield (f"`{scenario.name}`", "", "", "loopback only")


def _verdict(compared: Compared) -> str:
    if not compared.differences:
        return "equal"
    found = [(compared.scenario, difference) for difference in compared.differences]
    if unexplained(IN_SCENARIOS, found):
        return "differ"
    reasons = [n for n, known in enumerate(IN_SCENARIOS, start=1) if any(known.explains(*each) for each in found)]
    return f"equal but for {', '.join(f'({n})' for n in reasons)}"


def _explained(known: Sequence[Known]) -> Iterator[str]:
    if not known:
        yield "Nothing differs."
        return
    yield "What differs, and why:"
    yield "\n".join(f"{number}. {entry.because}" for number, entry in enumerate(known, start=1))


def main(arguments: Sequence[str], path: Path = TARGET) -> int:
    """Write the page, or check it."""
    text = page(INTRODUCTION, faults_text(meet_all()), scenarios_text(compare()))
    return write_or_check(path, text, "tests.generate.parity_doc", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
