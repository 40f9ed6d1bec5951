"""Judged runs, told by hand: a trace of a few words, and verdicts that no real check had to give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import StringIO

from rich.console import Console, RenderableType

from harness.checks.registry import Check, Finding, Level, Ruling, Verdict
from harness.cli.console import PLAIN_WIDTH, show
from harness.report.results import Report, Result
from harness.status.operation import Operation
from harness.trace.trace import Trace, is_status
from tests.harness.checks.trace_builder import answers, asks, breaks, fires, holds, says, trace_of, truth


def check(id_: str, title: str, level: Level = "must") -> Check:
    return Check(id_, title, level, "a test", frozenset(), frozenset(Operation), lambda trace: Finding(Ruling.PASSED))


ORDER = check("STATUS-902", "Phases come in a legal order")
TRUTH = check("STATUS-904", "Success is claimed only when it is true")
PACE = check("RETRY-906", "No repetition sooner than promised", "should")
LEFT_OPEN = check("RETRY-911", "Nothing is left open after the end")


def passed(of: Check) -> Verdict:
    return Verdict(of, Finding(Ruling.PASSED))


def failed(of: Check, *evidence: int, expected: str = "a reply 'granted'", observed: str = "none came") -> Verdict:
    return Verdict(of, Finding(Ruling.FAILED, expected, observed, evidence))


def unclear(of: Check, why: str = "the run was cut short (limit)") -> Verdict:
    return Verdict(of, Finding(Ruling.INCONCLUSIVE, observed=why))


def silent(of: Check) -> Verdict:
    return Verdict(of, Finding(Ruling.NOT_APPLICABLE, observed="its premise did not come up"))


def played(
    trace: Trace,
    *verdicts: Verdict,
    client: str = "my-player",
    scenario: str = "license_acquisition/tunnels",
    expected: Mapping[str, str] | None = None,
    invented: tuple[str, ...] = (),
) -> Result:
    """A result whose trace goes by these names."""
    named = trace.head.scenario.model_copy(update={"name": scenario, "about": "A train meets two tunnels."})
    head = trace.head.model_copy(
        update={"client": client, "scenario": named, "version": "1.2.3", "seed": 7, "invented": invented}
    )
    command = f"drm-harness run {scenario} --client {client} --seed 7 --network simulated"
    file = f"drm-harness-traces/{client}.jsonl" if any(v.ruling is Ruling.FAILED for v in verdicts) else ""
    return Result(trace.model_copy(update={"head": head}), verdicts, expected or {}, command, file)


def tunnels() -> Trace:
    """A reset, a retry, a slow reply, and a client that changes its mind at the end."""
    return trace_of(
        "start",
        "started",
        says("connecting", attempt=1),
        "asks license",
        truth("license_issued", content="film"),
        breaks("reset_after"),
        says("retry_scheduled", reason="connection_lost", retry_in_s=1.2),
        "+1.2",
        "retrying",
        says("connecting", attempt=2),
        asks("license"),
        fires("drip"),
        *[says("receiving", done=done, total=8) for done in range(9)],
        answers("granted"),
        "succeeded",
        says("failed", reason="timed_out", retryable=True),
        holds("film"),
    )


def entry_saying(trace: Trace, phase: str) -> int:
    """Place of the first entry that says this phase."""
    return next(e.n for e in trace.entries if is_status(e) and e.what.status.phase == phase)  # type: ignore[union-attr]  # it is one


def report(*results: Result, command: str = "run", **rest: object) -> Report:
    return Report(command, "1.2.3", results, **rest)  # type: ignore[arg-type]  # the fields of a report, by name


def shown(blocks: Iterable[RenderableType]) -> str:
    """What a file or another program gets to read."""
    out = StringIO()
    show(Console(file=out, width=PLAIN_WIDTH, no_color=True, highlight=False, markup=False, emoji=False), blocks)
    return out.getvalue()
