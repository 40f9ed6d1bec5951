"""SARIF 2.1.0, as code scanning reads it: a result for each broken rule, at the line of the scenario that brought it about.

What could not be decided, and what could not be run, is no result: it stands among the notifications of the run. Where only a
trace is there, results point into the trace. The same report always gives the same file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from fake_servers.journal import FaultFired
from harness.checks.registry import Check, Verdict
from harness.report.entry_text import entry_text
from harness.report.explanation import paragraphs
from harness.report.failures import reasons_for_doubt, three_lines
from harness.report.plain_text import plain
from harness.report.results import NotRun, Report, Result, Standing, UnexpectedPass
from harness.scenario.load import read_text
from harness.scenario.position import Path as Place
from harness.scenario.position import UnreadableError, read_yaml

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"must": "error", "should": "warning"}
TOLD = (Standing.FAILED, Standing.ADVISED, Standing.EXPECTED)
TRACE_HEAD_LINES = 1

Json = dict[str, Any]


def write_sarif(report: Report, path: Path) -> None:
    """Write the file, and the folder that it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(sarif(report), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def sarif(report: Report) -> Json:
    """The report as plain values."""
    checks = {verdict.check.id: verdict.check for result in report.results for verdict in result.verdicts}
    numbers = {id_: number for number, id_ in enumerate(checks)}
    driver = {"name": "drm-harness", "semanticVersion": report.version, "rules": [_rule(check) for check in checks.values()]}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"drm-harness/{report.command}/"},
        "invocations": [
            {
                "executionSuccessful": not (report.interrupted or report.errors),
                "exitCode": report.exit.value,
                "toolExecutionNotifications": [*map(_error, report.errors), *_doubts(report)],
            }
        ],
        "results": [
            *(_result(result, v, numbers) for result in report.results for v in result.those(*TOLD)),
            *(_unexpected(passed, numbers) for passed in report.unexpected),
        ],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(check: Check) -> Json:
    about = paragraphs(check.explanation)
    return {
        "id": check.id,
        "shortDescription": {"text": _text(check.title)},
        "fullDescription": {"text": _text(about)},
        "help": {"text": _text(f"{about}\n\nSource: {check.source}\n\ndrm-harness explain {check.id}")},
        "defaultConfiguration": {"level": LEVELS[check.level]},
        "properties": {"tags": ["drm", check.id.rpartition("-")[0].lower()]},
    }


def _result(result: Result, verdict: Verdict, numbers: dict[str, int]) -> Json:
    _, expected, observed = three_lines(verdict)
    told: Json = {
        "ruleId": verdict.check.id,
        "ruleIndex": numbers[verdict.check.id],
        "level": LEVELS[verdict.check.level],
        "message": {"text": _text(f"{result.client} in {result.scenario}: {observed}. Expected: {expected}.")},
        "locations": [_where(result, verdict)],
        "partialFingerprints": {"drmHarness/v1": _fingerprint(verdict.check.id, result.client, result.scenario)},
        "properties": {"client": result.client, "scenario": result.scenario, "reproduce": plain(result.reproduce, 10_000)},
    }
    if result.standing(verdict) is Standing.EXPECTED:
        told["suppressions"] = [{"kind": "external", "justification": plain(result.expected[verdict.check.id])}]
    if proof := list(_proof(result, verdict)):
        told["relatedLocations"] = proof
    return told


def _proof(result: Result, verdict: Verdict) -> Iterator[Json]:
    """The entries that prove it, in the trace's file; none if no trace was written."""
    entries = result.trace.entries
    for place in dict.fromkeys(verdict.finding.evidence) if result.trace_file else ():
        if 0 <= place < len(entries):
            at = _location(result.trace_file, place + TRACE_HEAD_LINES + 1)
            yield {**at, "message": {"text": _text(f"{entries[place].at:.3f} s: {entry_text(entries[place].what)}")}}


def _unexpected(passed: UnexpectedPass, numbers: dict[str, int]) -> Json:
    """A known failure that did not come: the list is to be mended, at its line."""
    file, line, _ = passed.place.rsplit(":", 2)
    told: Json = {
        "ruleId": passed.check,
        "level": "error",
        "message": {"text": _text(f"it held for {plain(' and '.join(passed.clients))}, and is listed as an expected failure")},
        "locations": [_location(file, int(line))],
        "partialFingerprints": {"drmHarness/v1": _fingerprint(passed.check, *passed.clients, passed.scenario, "unexpected")},
    }
    return told | ({"ruleIndex": numbers[passed.check]} if passed.check in numbers else {})


def _error(one: NotRun) -> Json:
    return {"level": "error", "message": {"text": _text(f"{one.scenario} with {plain(one.client)}: {plain(one.why)}")}}


def _doubts(report: Report) -> Iterator[Json]:
    for result in report.results:
        for why in reasons_for_doubt(result.those(Standing.INCONCLUSIVE)):
            told = f"inconclusive: {result.client} in {result.scenario}: {why}"
            yield {"level": "warning", "message": {"text": _text(told)}, "locations": [_where(result)]}


# ── where ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _where(result: Result, verdict: Verdict | None = None) -> Json:
    """The line of the scenario that brought it about: what it expects, or its first fault that fired, or else its start."""
    if not result.scenario_file:
        return _location(result.trace_file or result.scenario, 1)
    is_expectation = verdict is not None and verdict.check.id.startswith("EXPECT-")
    place: Place = ("expect",) if is_expectation else _first_fault(result) or ("operation",)
    return _location(result.scenario_file, _lines(result.scenario_file).get(place, 1))


def _first_fault(result: Result) -> Place | None:
    """Of its faults the one that fired first, so far as it can be told by its name."""
    names = [rule.fault.name for rule in result.trace.head.scenario.faults]
    fired = next((fault.name for _, fault in result.trace.of(FaultFired)), None)
    return ("faults", names.index(fired)) if fired in names else None


@lru_cache(maxsize=256)
def _lines(file: str) -> dict[Place, int]:
    """Where each part of a scenario begins; nothing if the file has gone meanwhile."""
    try:
        document = read_yaml(read_text(Path(file)))
    except UnreadableError:
        return {}
    places = {**document.values, **document.keys}
    return {place: position.line for place, position in places.items() if len(place) <= 2}


def _location(file: str, line: int) -> Json:
    return {"physicalLocation": {"artifactLocation": _artifact(file), "region": {"startLine": line}}}


def _artifact(file: str) -> Json:
    """Relative to where the command was given, as code scanning wants it, if the file is below; else a whole address."""
    path, here = Path(file).resolve(), Path.cwd().resolve()
    if path.is_relative_to(here):
        return {"uri": _quoted(path.relative_to(here).as_posix()), "uriBaseId": "%SRCROOT%"}
    return {"uri": path.as_uri()}


def _quoted(path: str) -> str:
    return Path("/", path).as_uri().removeprefix("file:///")


def _fingerprint(*words: str) -> str:
    """The same for the same failure, whatever else changes in the file."""
    return hashlib.sha256("\0".join(words).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _text(text: str) -> str:
    """A message's text means links by brackets and arguments by braces (SARIF 3.11); ours means neither."""
    line = "\n\n".join(plain(part, 2_000) for part in text.split("\n\n"))
    return re.sub(r"[{}]", lambda brace: brace.group() * 2, re.sub(r"[\[\]\\]", lambda found: f"\\{found.group()}", line))
