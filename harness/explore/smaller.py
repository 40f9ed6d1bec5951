"""What is smaller than a scenario: without a fault, an act, a peculiarity; earlier, fewer times, with rounder numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from fake_servers.faults.base import Fault
from fake_servers.faults.script import Rule, When
from fake_servers.given import Given
from fake_servers.quantities import BYTES_IN, SECONDS_IN
from harness.explore.numbers import quantities_of, with_number
from harness.scenario.model import Scenario, Settings, UserAction, WorldSettings

T = TypeVar("T")

ROUND_TIMES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0)
"""Seconds that people say."""

ROUND_UNITS = {
    **dict.fromkeys(BYTES_IN, ("0 bytes", "1 byte", "10 bytes", "100 bytes", "1 KB", "1 MB")),
    **dict.fromkeys(SECONDS_IN, ("1 s", "2 s", "5 s", "10 s", "20 s", "30 s", "1 min", "2 min", "5 min")),
}


def smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Every scenario that is smaller by one thing, the boldest first."""
    yield from _with_fewer(scenario)
    yield from _as_usual(scenario)
    yield from _earlier(scenario)
    yield from _calmer(scenario)
    yield from _rounder(scenario)
    if scenario.seed:
        yield scenario.model_copy(update={"seed": 0})


def _with_fewer(scenario: Scenario) -> Iterator[Scenario]:
    for faults in _without(scenario.faults):
        # the handshake goes with its last fault
        tls = scenario.world.tls and any(rule.fault.needs_tls for rule in faults)
        world = scenario.world.model_copy(update={"tls": tls})
        yield scenario.model_copy(update={"faults": faults, "world": world})
        yield scenario.model_copy(update={"faults": faults})
    for user in _without(scenario.user):
        yield scenario.model_copy(update={"user": user})


def _as_usual(scenario: Scenario) -> Iterator[Scenario]:
    """One field of world, device and application as it is by default."""
    for part, default in (("world", WorldSettings()), ("given", Given()), ("settings", Settings())):
        value = getattr(scenario, part)
        for name in type(default).model_fields:
            if getattr(value, name) != getattr(default, name):
                changed = value.model_copy(update={name: getattr(default, name)})
                yield scenario.model_copy(update={part: changed})
    for name in ("licenses", "backup"):
        for held in _without(getattr(scenario.given, name) or ()):
            yield scenario.model_copy(update={"given": scenario.given.model_copy(update={name: held})})


def _earlier(scenario: Scenario) -> Iterator[Scenario]:
    """A fault at an earlier request or connection, or at one request instead of every one."""
    for place, rule in enumerate(scenario.faults):
        when = rule.when
        if when.connection is not None:
            whens = [when.model_copy(update={"connection": number}) for number in range(1, when.connection)]
        elif when.service is not None:
            times = [time for time in ROUND_TIMES if 0 < time < (when.for_s or 0.0)]
            whens = [when.model_copy(update={"for_s": time}) for time in times]
        else:
            whens = [when.model_copy(update={"nth": nth}) for nth in _fewer_numbers(when)]
        for each in whens:
            yield _with_rule(scenario, place, Rule(when=each, fault=rule.fault))


def _fewer_numbers(when: When) -> Iterator[int | tuple[int, ...]]:
    if not when.nths:
        yield from (1, 2)
    elif len(when.nths) > 1:
        yield from (nths if len(nths) > 1 else nths[0] for nths in _without(when.nths) if nths)
    else:
        yield from range(1, when.nths[0])


def _calmer(scenario: Scenario) -> Iterator[Scenario]:
    """The user acts once, at once, at a rounder time."""
    for place, action in enumerate(scenario.user):
        for times in range(1, action.times):
            yield _with_act(scenario, place, action, times=times)
        for name in ("after", "at"):
            time = getattr(action, name)
            for shorter in (each for each in ROUND_TIMES if time is not None and each < time):
                yield _with_act(scenario, place, action, **{name: shorter})


def _rounder(scenario: Scenario) -> Iterator[Scenario]:
    """A fault as a plainer one of its kind."""
    for place, rule in enumerate(scenario.faults):
        for fault in _plainer(rule.fault):
            yield _with_rule(scenario, place, Rule(when=rule.when, fault=fault))


def _plainer(fault: Fault) -> Iterator[Fault]:
    """Of an example that stands earlier, or with one number smaller; so it comes to an end."""
    examples = [type(fault).model_validate(example) for example in fault.examples]
    family = next((place for place, each in enumerate(examples) if _words(each) == _words(fault)), len(examples))
    yield from examples[:family]
    for name, unit in quantities_of(fault):
        for value in ROUND_UNITS[unit]:
            changed = with_number(fault, name, value)
            if getattr(changed, name) < getattr(fault, name):
                yield changed


def _words(fault: Fault) -> dict[str, object]:
    """Its parameters without the quantities."""
    return fault.model_dump(exclude={name for name, _ in quantities_of(fault)})


def _with_rule(scenario: Scenario, place: int, rule: Rule) -> Scenario:
    return scenario.model_copy(update={"faults": (*scenario.faults[:place], rule, *scenario.faults[place + 1 :])})


def _with_act(scenario: Scenario, place: int, action: UserAction, **changes: Any) -> Scenario:
    changed = action.model_copy(update=changes)
    return scenario.model_copy(update={"user": (*scenario.user[:place], changed, *scenario.user[place + 1 :])})


def _without(items: Sequence[T]) -> Iterator[tuple[T, ...]]:
    """All gone, each half gone, each one gone."""
    if items:
        yield ()
    if len(items) > 3:
        middle = len(items) // 2
        yield tuple(items[:middle])
        yield tuple(items[middle:])
    if len(items) > 1:
        yield from (tuple(items[:place] + items[place + 1 :]) for place in range(len(items)))  # type: ignore[operator]
