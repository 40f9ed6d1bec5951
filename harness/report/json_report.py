"""The report for scripts: one JSON object. Keys are only ever added, never renamed or removed."""

from __future__ import annotations

import json
from typing import Any

from harness.checks.registry import Verdict
from harness.report.results import NotRun, Report, Result
from harness.report.terminal import fates


def json_text(value: object) -> str:
    """A value as JSON text for people and scripts alike."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def json_report(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "command": report.command,
        "version": report.version,
        "ruling": report.ruling.value,
        "exit_status": report.exit.value,
        "interrupted": report.interrupted,
        "clients": [{"client": client, "ruling": report.ruling_of(client).value} for client in report.clients],
        "runs": [_run(result) for result in report.results],
        "not_applicable": [_not_run(one) for one in report.not_applicable],
        "errors": [_not_run(one) for one in report.errors],
        "unexpected_passes": [
            {"check": passed.check, "scenario": passed.scenario, "clients": list(passed.clients), "listed_at": passed.place}
            for passed in report.unexpected
        ],
        "unused_expectations": list(report.unused),
    }


def _run(result: Result) -> dict[str, Any]:
    head = result.trace.head
    return {
        "scenario": result.scenario,
        "client": head.client,
        "adapter": head.adapter,
        "network": head.network,
        "time": head.time,
        "played_again_after": result.rerun_after or None,
        "why_real_time": result.why_real or None,
        "seed": head.seed,
        "version": head.version,
        "ruling": result.ruling.value,
        "judged": sum(verdict.ruling in ("pass", "fail") for verdict in result.verdicts),
        "checks": [_verdict(result, verdict) for verdict in result.verdicts],
        "faults": [
            {"fault": rule.fault.name, "fate": text.removeprefix(f"{rule.fault.name} ")}
            for rule, text in zip(head.scenario.faults, fates(result), strict=True)
        ],
        "invented_wire_formats": list(result.invented),
        "reproduce": result.reproduce or None,
        "trace": result.trace_file or None,
    }


def _verdict(result: Result, verdict: Verdict) -> dict[str, Any]:
    entries, finding = result.trace.entries, verdict.finding
    return {
        "id": verdict.check.id,
        "title": verdict.check.title,
        "level": verdict.check.level,
        "ruling": verdict.ruling.value,
        "expected_failure": verdict.check.id in result.expected,
        "expected": finding.expected,
        "observed": finding.observed,
        "evidence": [{"entry": n, "at_s": entries[n].at} for n in finding.evidence if 0 <= n < len(entries)],
    }


def _not_run(one: NotRun) -> dict[str, Any]:
    return {"scenario": one.scenario, "client": one.client, "why": one.why}
