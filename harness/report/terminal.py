"""Runs, told to a person: a line each, and for those that are not held the failures, the timeline and how to go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from harness.checks.registry import Ruling
from harness.languages.catalogue import SOURCE
from harness.report.failures import failure, marks_of, reasons_for_doubt
from harness.report.plain_text import LONGEST_COMMAND, counted, plain
from harness.report.results import NotRun, Report, Result, Standing
from harness.report.timeline import timeline
from harness.report.told import last_words
from harness.tiers.tier import unheeded
from harness.trace.trace import Head

RULING_WORDS = {
    Ruling.PASSED: ("pass", "green"),
    Ruling.FAILED: ("FAIL", "bold red"),
    Ruling.INCONCLUSIVE: ("inconclusive", "yellow"),
    Ruling.NOT_APPLICABLE: ("not applicable", "dim"),
}
WORD_WIDTH = max(len(word) for word, _ in RULING_WORDS.values())
WIDEST_NAME = 60


def opening(version: str, clients: Sequence[str], networks: Sequence[str], scenarios: int) -> Text:
    """What is about to be done: version, clients, networks."""
    who = f"client {clients[0]}" if len(clients) == 1 else counted(len(clients), "client")
    where = f"{' and '.join(networks)} network{'s' if len(networks) > 1 else ''}" if networks else "no network"
    return Text(f"drm-harness {version} · {plain(who)} · {where} · {counted(scenarios, 'scenario')}", style="bold")


def result_line(result: Result, name_width: int = 0) -> Text:
    """A run in one line."""
    word, style = RULING_WORDS[result.ruling]
    return _line(word, style, result.scenario, name_width, f"seed {result.trace.head.seed}", result.counts)


def not_run_line(one: NotRun, name_width: int = 0) -> Text:
    """A scenario that this client or network cannot do, or that could not be run to its end, in one line."""
    word, style = ("error", "bold red") if one.is_error else RULING_WORDS[Ruling.NOT_APPLICABLE]
    return _line(word, style, one.scenario, name_width, plain(one.why))


def needs_a_look(result: Result) -> bool:
    """Whether a run is told in full even if nobody asks."""
    return result.ruling is not Ruling.PASSED or bool(result.those(Standing.ADVISED))


def details(result: Result, *, with_timeline: bool = True, language: str = SOURCE) -> Iterator[RenderableType]:
    """A run in full; what its user read in this language, where it can be said in it."""
    head = result.trace.head
    word, style = RULING_WORDS[result.ruling]
    yield Text.assemble((word, style), (f"  {result.scenario}", "bold"))
    yield Text(plain(head.scenario.about))
    yield Text(
        plain(f"client {head.client} ({head.adapter}) · {where(head)} · seed {head.seed} · drm-harness {head.version}"),
        style="dim",
    )
    failures = result.those(Standing.FAILED, Standing.ADVISED)
    for number, verdict in enumerate(failures, start=1):
        yield Text()
        yield failure(verdict, number)
    for why in reasons_for_doubt(result.those(Standing.INCONCLUSIVE)):
        yield Text()
        yield Text.assemble(("inconclusive: ", "yellow"), why)
    if with_timeline:
        yield Text()
        yield timeline(result.trace, marks_of(failures))
    yield Text()
    yield from map(Text, last_words(result.trace, language))
    yield from map(Text, footing(result))


def footing(result: Result) -> Iterator[str]:
    """What a run rests on, and how to go on from it; one line each, never to be wrapped."""
    if told := time_of(result):
        yield f"time: {told}"
    head = result.trace.head
    if missing := unheeded(head.scenario, head.tier):
        yield f"not heeded: {', '.join(missing)} of the scenario's world, of which the {head.tier} tier has no part"
    if result.trace.head.scenario.faults:
        yield f"faults: {', '.join(fates(result))}"
    yield f"checks: {result.counts}"
    if expected := result.those(Standing.EXPECTED):
        yield f"failed as expected: {', '.join(f'{v.check.id} ({plain(result.expected[v.check.id])})' for v in expected)}"
    if result.invented:
        yield f"wire format of our own: {', '.join(result.invented)}"
    if result.reproduce:
        yield f"to reproduce: {plain(result.reproduce, LONGEST_COMMAND)}"
    if result.trace_file:
        yield f"to hand over: {plain(result.trace_file, LONGEST_COMMAND)}"


def where(head: Head) -> str:
    """What of the wire was real, and in which order things happened that happened at once."""
    network = f"{head.network} network" if head.tier == "wire" else f"{head.tier} tier"
    return network if head.interleave is None else f"{network}, interleaved by {head.interleave}"


def time_of(result: Result) -> str:
    """Which time a run kept, and why; empty on the simulated network, where it is always virtual."""
    head = result.trace.head
    if head.network == "simulated":
        return ""
    if result.rerun_after:
        return f"{plain(head.time)}; played again, as it had not held with time {plain(result.rerun_after)}"
    return plain(head.time) + (f" ({plain(result.why_real)})" if result.why_real else "")


def times(report: Report) -> Iterator[str]:
    """Which times the runs kept, if any kept another than real or virtual time, or was meant to."""
    on_loopback = [result for result in report.results if result.trace.head.network != "simulated"]
    again = sum(bool(result.rerun_after) for result in on_loopback)
    kept = Counter(plain(result.trace.head.time) for result in on_loopback)
    if again or set(kept) - {"real"}:
        counts = ", ".join(f"{time} {counted(number, 'run')}" for time, number in sorted(kept.items()))
        yield f"time: {counts}" + (f"; {again} played again in real time, as they had not held before" if again else "")
    for why in dict.fromkeys(plain(result.why_real) for result in on_loopback if result.why_real):
        yield f"real time: {why}"


def fates(result: Result) -> Iterator[str]:
    """What became of each fault of the script, in its order."""
    known = result.trace.end.fates if result.trace.end else ()
    for place, rule in enumerate(result.trace.head.scenario.faults):
        fate = known[place].replace("_", " ") if place < len(known) else "unknown"
        yield f"{rule.fault.name} {fate}"


def closing(report: Report) -> Iterator[Text]:
    """What all runs come to: counts, expectations that were not met, wires of our own, interruption."""
    counts = [
        f"{sum(result.ruling is ruling for result in report.results)} {word}"
        for ruling, word in COUNTED
        if any(result.ruling is ruling for result in report.results)
    ]
    counts += [f"{len(report.not_applicable)} not applicable"] if report.not_applicable else []
    counts += [counted(len(report.errors), "error")] if report.errors else []
    counts += [counted(len(report.unexpected), "unexpected pass", "unexpected passes")] if report.unexpected else []
    for passed in report.unexpected:
        who = plain(" and ".join(passed.clients))
        yield Text(
            f"unexpected pass: {passed.check} held for {who} in {passed.scenario}; remove it from {passed.place}",
            style="bold red",
        )
    if report.unused:
        these = counted(len(report.unused), "expected failure covers", "expected failures cover")
        yield Text(f"{these} no run here: {plain(', '.join(report.unused))}", style="dim")
    if invented := sorted({exchange for result in report.results for exchange in result.invented}):
        yield Text(f"wire format of our own: {', '.join(invented)}", style="dim")
    yield from (Text(line, style="dim") for line in times(report))
    if report.interrupted:
        yield Text("interrupted: what is told above is what was seen until then", style="yellow")
    word, style = RULING_WORDS[report.ruling]
    yield Text.assemble((word, style), f"  {', '.join(counts) or 'nothing was run'} · exit status {report.exit.value}")


COUNTED = (
    (Ruling.PASSED, "passed"),
    (Ruling.FAILED, "failed"),
    (Ruling.INCONCLUSIVE, "inconclusive"),
)


def _line(word: str, style: str, scenario: str, name_width: int, *rest: str) -> Text:
    name = scenario.ljust(min(name_width, WIDEST_NAME))
    return Text.assemble((word.ljust(WORD_WIDTH), style), f"  {name}  ", (" · ".join(rest), "dim"))
