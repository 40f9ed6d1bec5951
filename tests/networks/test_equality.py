"""What counts as equal and what does not, shown on a trace and slightly changed copies of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.client.reference import ReferenceClient
from harness.trace.jsonl import ENTRY
from harness.trace.trace import Trace
from tests.networks.equality import differences
from tests.suite.playing import LIBRARY, play

Change = Callable[[list[dict[str, Any]]], Any]


@pytest.fixture(scope="module")
def trace() -> Trace:
    """Two failures of different kinds, and then success."""
    (scenario,) = (each for each in LIBRARY if each.name == "license_acquisition/first_tries_fail")
    return play(scenario, ReferenceClient).trace


def changed(trace: Trace, change: Change) -> Trace:
    """A copy whose entries, as data, were changed."""
    data = [ENTRY.dump_python(entry) for entry in trace.entries]
    change(data)
    entries = tuple(ENTRY.validate_python({**entry, "n": n}) for n, entry in enumerate(data))
    return Trace(head=trace.head, entries=entries)


def index(data: list[dict[str, Any]], kind: str, nth: int = 0, **fields: Any) -> int:
    """Place of the nth entry of a kind; ``fields`` are looked for in its status where it has one."""
    places = [
        place
        for place, entry in enumerate(data)
        if entry["what"]["kind"] == kind
        and all(entry["what"].get("status", entry["what"]).get(key) == value for key, value in fields.items())
    ]
    return places[nth]


def what(data: list[dict[str, Any]], kind: str, nth: int = 0, **fields: Any) -> dict[str, Any]:
    found = data[index(data, kind, nth, **fields)]["what"]
    assert isinstance(found, dict)
    return found


def late(seconds: float) -> Change:
    def change(data: list[dict[str, Any]]) -> None:
        for entry in data:
            entry["at"] += seconds

    return change


def swap(data: list[dict[str, Any]], one: int, other: int) -> None:
    data[one], data[other] = data[other], data[one]


# fmt: off
SAME: dict[str, Change] = {
    "nothing changed":        lambda data: None,
    "another host and port":  lambda data: what(data, "request_received")["headers"].update(host="127.0.0.1:45678"),
    "another date":           lambda data: what(data, "reply_sent")["headers"].update(date="Tue, 24 Nov 2026 14:55:03 GMT"),
    "a little late":          late(0.2),
    "progress in more steps": lambda data: data.insert(at := index(data, "status_reported", phase="receiving"), data[at]),
    "other lanes first":      lambda data: swap(data, at := index(data, "connection_opened"), at - 1),
    "a longer hold":          lambda data: what(data, "reply_sent").update(hold_s=0.3),
}

OTHER: dict[str, tuple[Change, str]] = {
    "a status is missing":    (lambda data: data.pop(index(data, "status_reported", phase="installing")), "client lane"),
    "a status comes twice":   (lambda data: data.insert(at := index(data, "status_reported", phase="retrying"), data[at]),
                               "client lane"),
    "another reason":         (lambda data: what(data, "status_reported", phase="retry_scheduled")["status"].update(
                               reason="timed_out"), "client lane"),
    "another attempt":        (lambda data: what(data, "status_reported", phase="succeeded")["status"].update(attempt=9),
                               "client lane"),
    "not retryable":          (lambda data: what(data, "status_reported", phase="succeeded")["status"].update(retryable=True),
                               "client lane"),
    "statuses swapped":       (lambda data: swap(data, at := index(data, "status_reported", phase="installing"), at + 1),
                               "client lane"),
    "a user who did more":    (lambda data: data.insert(5, {"at": 0.0, "what": {"kind": "user_acted", "do": "cancel"}}),
                               "user lane"),
    "a fault that fired not": (lambda data: data.pop(index(data, "fault_fired")), "fault lane"),
    "a truth that is gone":   (lambda data: data.pop(index(data, "truth_changed")), "service lane"),
    "a reset taken for FIN":  (lambda data: what(data, "connection_closed", how="reset").update(how="fin"),
                               "connection 1 lane"),
    "bytes that were cut":    (lambda data: what(data, "reply_sent").update(sent_bytes=7), "connection 1 lane"),
    "another nonce":          (lambda data: what(data, "request_received")["fields"].update(nonce="00"), "connection 1 lane"),
    "another status code":    (lambda data: what(data, "reply_sent", 1).update(status=503), "cause and effect"),
    "truth of another cause": (lambda data: what(data, "truth_changed").update(request=2), "cause and effect"),
    "far too late":           (late(10.0), "started (entry 2): at 0.000 s simulated"),
}
# fmt: on


@pytest.mark.parametrize("name", SAME)
def test_equal(trace: Trace, name: str) -> None:
    assert differences(trace, changed(trace, SAME[name])) == []


@pytest.mark.parametrize("name", OTHER)
def test_different(trace: Trace, name: str) -> None:
    change, told = OTHER[name]
    found = differences(trace, changed(trace, change))
    assert any(each.startswith(told) for each in found), found


def test_another_verdict_is_told_by_the_check_s_id(trace: Trace) -> None:
    def claims_success_early(data: list[dict[str, Any]]) -> None:
        what(data, "status_reported", phase="retry_scheduled")["status"].update(phase="succeeded", retryable=False)

    found = differences(trace, changed(trace, claims_success_early))
    assert any(each.startswith("verdict STATUS-") and "pass simulated, fail on loopback" in each for each in found), found
