"""From the facts of a report to the status message that the user reads."""

from __future__ import annotations

from harness.client.codes import code_for
from harness.client.effects import Report
from harness.status.message import StatusMessage
from harness.status.text import sentence


def message_of(report: Report, at: float = 0.0) -> StatusMessage:
    """The status message, with its code and its sentence; ``at`` is stamped by the world alone."""
    return StatusMessage(
        operation=report.operation,
        round=report.round,
        attempt=report.attempt,
        phase=report.phase,
        progress=report.progress,
        code=code_for(report.operation, report.phase, report.reason) if report.phase.settles else None,
        reason=report.reason,
        retryable=report.retryable,
        retry_in_s=report.retry_in_s,
        url=report.url,
        text=sentence(
            report.phase,
            report.reason,
            operation=report.operation,
            attempt=report.attempt if report.on_network else 0,
            retry_in_s=report.retry_in_s,
            progress=report.progress,
            url=report.url,
            language=report.language,
        ),
        at=at,
    )
