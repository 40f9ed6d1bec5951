"""Each kind of trace entry in a few words, for timelines and live logs. The lane says who did it; these say what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_servers.journal import (
    ConnectionClosed,
    ConnectionOpened,
    ConnectionRefused,
    FaultFired,
    HandshakeFailed,
    ListenerChanged,
    ListenerDeaf,
    ReplySent,
    RequestReceived,
    TruthChanged,
    UpstreamAnswered,
)
from fake_servers.quantities import bytes_text, seconds_text
from harness.report.plain_text import plain
from harness.status.message import Progress, StatusMessage
from harness.status.phase import Phase
from harness.trace.entry import ClientNoted, DeviceChanged, OutcomeClaimed, RightsHeld, RunEnded, StatusReported, UserActed

MOST_NOTED = 72


def entry_text(what: object) -> str:
    """The entry in words: one line, safe to print."""
    return plain(WORDS[type(what)](what))


def status_text(status: StatusMessage) -> str:
    """``failed: timed_out, try again``, ``connecting (attempt 2)``, ``receiving 40 %``."""
    head = status.phase.value
    if status.attempt > 1 and not status.settles:
        head += f" (attempt {status.attempt})"
    if status.progress is not None:
        head += f" {progress_text(status.progress)}"
    notes = [
        status.reason.value if status.reason else "",
        status.code.name if status.code else "",
        f"in {seconds_text(round(status.retry_in_s, 3))}" if status.retry_in_s is not None else "",
        _retry_text(status),
        status.url or "",
    ]
    said = ", ".join(note for note in notes if note)
    return f"{head}: {said}" if said else head


def _retry_text(status: StatusMessage) -> str:
    if status.retryable is None or status.phase is Phase.SUCCEEDED:
        return ""
    return "may retry" if status.retryable else "no retry"


def progress_text(progress: Progress) -> str:
    """``40 %`` where the total is known, else how much."""
    return f"{100 * progress.done // progress.total} %" if progress.total else f"{progress.done} so far"


def _user_acted(what: UserActed) -> str:
    return what.do.replace("_", " ")


def _status_reported(what: StatusReported) -> str:
    return status_text(what.status)


def _outcome_claimed(what: OutcomeClaimed) -> str:
    return f"exit {what.exit_status}: {what.outcome}"


def _rights_held(what: RightsHeld) -> str:
    held = f"holds {', '.join(what.licenses)}" if what.licenses else "holds no license"
    return held if what.individualized else f"{held}, not individualized"


def _client_noted(what: ClientNoted) -> str:
    """What a program prints may be long and is seldom the point; the trace holds all of it."""
    text = what.text if len(what.text) <= MOST_NOTED else f"{what.text[:MOST_NOTED]}…"
    return f"{what.what}: {text}" if text else what.what


def _device_changed(what: DeviceChanged) -> str:
    return f"! device: {what.event.replace('_', ' ')}" + (" is over" if what.change == "ended" else "")


def _run_ended(what: RunEnded) -> str:
    return f"end: {what.why.replace('_', ' ')}"


def _listener_changed(what: ListenerChanged) -> str:
    return f"{what.service} {'listens again' if what.listening else 'stops listening'}"


def _listener_deaf(what: ListenerDeaf) -> str:
    return f"{what.service} {'answers no knock' if what.deaf else 'answers again'}"


def _connection_refused(what: ConnectionRefused) -> str:
    return f"{what.service} refuses a connection"


def _connection_opened(what: ConnectionOpened) -> str:
    return f"connection {what.connection} to {what.service}"


def _handshake_failed(what: HandshakeFailed) -> str:
    return f"no TLS on connection {what.connection}: {what.detail}"


def _request_received(what: RequestReceived) -> str:
    text = f"→ {what.exchange} {what.nth}, connection {what.connection}"
    return f"{text}: {what.problem}" if what.problem else text


def _reply_sent(what: ReplySent) -> str:
    head = f"← {what.exchange} {what.nth}:"
    if what.status is None:
        return f"{head} no reply" if not what.sent_bytes else f"{head} {bytes_text(what.sent_bytes)}, no HTTP head"
    said = f"{what.status}" if what.answer == "http" else f"{what.status} {what.answer.replace('_', ' ')}"
    wait = f", retry after {what.retry_after_s:g} s" if what.retry_after_s is not None else ""
    return f"{head} {said}{wait}" + ("" if what.complete else f", spoilt, {bytes_text(what.sent_bytes)}")


def _connection_closed(what: ConnectionClosed) -> str:
    how = "resets" if what.how == "reset" else "closes"
    unanswered = " unanswered" if what.open_request is not None else ""
    return f"{what.by} {how} connection {what.connection}{unanswered}"


def _fault_fired(what: FaultFired) -> str:
    return f"! {what.name}: {what.presents_as}"


def _truth_changed(what: TruthChanged) -> str:
    subject = next((str(what.data[key]) for key in ("content", "contents", "computer", "device") if what.data.get(key)), "")
    said = what.what.replace("_", " ")
    return f"{said}: {subject}" if subject else said


def _upstream_answered(what: UpstreamAnswered) -> str:
    if what.problem:
        return f"upstream failed: {what.problem}"
    return f"upstream: {what.status}, {bytes_text(what.body_bytes)}"


WORDS: dict[type, Callable[[Any], str]] = {
    UserActed: _user_acted,
    StatusReported: _status_reported,
    OutcomeClaimed: _outcome_claimed,
    RightsHeld: _rights_held,
    ClientNoted: _client_noted,
    DeviceChanged: _device_changed,
    RunEnded: _run_ended,
    ListenerChanged: _listener_changed,
    ListenerDeaf: _listener_deaf,
    ConnectionRefused: _connection_refused,
    ConnectionOpened: _connection_opened,
    HandshakeFailed: _handshake_failed,
    RequestReceived: _request_received,
    ReplySent: _reply_sent,
    ConnectionClosed: _connection_closed,
    FaultFired: _fault_fired,
    TruthChanged: _truth_changed,
    UpstreamAnswered: _upstream_answered,
}
"""Every kind of entry; a test holds it against the union in ``harness.trace.entry``."""
