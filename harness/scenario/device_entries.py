"""What a scenario says of the device, entry by entry: a flat mapping whose ``event`` decides which other keys there are."""

from __future__ import annotations

import harness.device  # noqa: F401 - importing it registers the house's events
from fake_servers.errors import UnknownNameError
from harness.device.event import EVENTS, DeviceEvent
from harness.scenario.model import DeviceStep
from harness.scenario.position import Document, Path, Problem
from harness.scenario.problems import nearest, validated, value_text

MOMENT = ("when", "at", "after")
"""The keys of an entry that are none of its event's."""

EXAMPLE = "{at: 3 s, event: offline, for: 20 s}"

Read = tuple[DeviceStep | None, list[Problem]]


def device_steps(document: Document, entries: object) -> dict[int, Read]:
    """Each entry of ``device`` by its index: the step, or None and what is wrong with it."""
    if not isinstance(entries, list):
        return {}
    return {index: _step(document, ("device", index), entry) for index, entry in enumerate(entries)}


def _step(document: Document, at: Path, entry: object) -> Read:
    if not isinstance(entry, dict):
        what = f"an entry of 'device' is a mapping, not {value_text(entry)}"
        return None, [Problem(document.at_value(at), what, f"write {EXAMPLE}")]
    event, problems = _event(document, at, entry)
    moment = {key: value for key, value in entry.items() if key in MOMENT}
    stand_in = event or next(iter(EVENTS.values())).model_construct()
    called = "an entry of 'device'"
    step, more = validated(document, DeviceStep, {**moment, "event": stand_in}, at=at, called=called)
    problems += more
    return (None if problems else step), problems


def _event(document: Document, at: Path, entry: dict[str, object]) -> tuple[DeviceEvent | None, list[Problem]]:
    name = entry.get("event")
    if not isinstance(name, str):
        said = f"'event' is the name of an event, not {value_text(name)}"
        what = said if "event" in entry else "an entry of 'device' needs 'event'"
        return None, [Problem(document.at_value((*at, "event")), what, f"write {EXAMPLE}. {nearest('', EVENTS, 'Events')}")]
    try:
        kind = EVENTS[name]
    except UnknownNameError:
        what = f"no device event is named {name!r}"
        return None, [Problem(document.at_value((*at, "event")), what, nearest(name, EVENTS, "Events"))]
    own = {key: value for key, value in entry.items() if key not in (*MOMENT, "event")}
    return validated(document, kind, own, at=at, called=f"device event {name!r}")
