"""Shortens a scenario and the reference client's promises by one factor, so that it can be played in real time.

Only durations that something *waits* for are scaled. What bounds lateness (first status, silence, cancel, the run's limit)
stays, since a busy machine is as late in a short run as in a long one; so does the simulated network's latency. No time limit
of the client becomes shorter than ``SHORTEST_LIMIT_S``: below that, a busy machine alone would make it expire.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from fake_servers.faults.http.skewed_date import SkewedDate
from fake_servers.faults.service.clock_skew import ClockSkew
from harness.client.decisions import Decisions
from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.scenario.model import Scenario

M = TypeVar("M", bound=BaseModel)

SHORTEST_LIMIT_S = 0.25
GRAIN_S = 1e-6


def scaled(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with its faults, its user and how long it is watched ``factor`` times as long."""
    faults = tuple(
        rule.model_copy(update={"when": _scaled(rule.when, factor), "fault": _scaled(rule.fault, factor)})
        for rule in scenario.faults
    )
    return scenario.model_copy(
        update={
            "faults": faults,
            "user": tuple(_scaled(action, factor) for action in scenario.user),
            "world": scenario.world.model_copy(update={"observe": scenario.world.observe * factor}),
        }
    )


def scaled_policy(policy: RetryPolicy, factor: float) -> RetryPolicy:
    """The policy with its pauses, limits and deadline ``factor`` times as long."""
    short = _scaled(policy, factor)
    return short.model_copy(
        update={
            "attempt_timeout": max(short.attempt_timeout, SHORTEST_LIMIT_S),
            "longest_wait": max(short.longest_wait, 1.0),  # Retry-After counts whole seconds, rounded up
        }
    )


def scaled_client(factor: float, *, page_patience_s: float = Decisions.page_patience_s) -> Callable[[], ReferenceClient]:
    """Makes reference clients whose waits are all ``factor`` times as long."""
    policy = scaled_policy(RetryPolicy(), factor)
    patience_s = page_patience_s

    class Hurried(Decisions):
        look_every_s = Decisions.look_every_s * factor
        page_patience_s = patience_s * factor

    class HurriedSender(HttpSender):
        keeps_idle_s = HttpSender.keeps_idle_s * factor

    class Client(ReferenceClient):
        decisions = Hurried
        sender = HurriedSender
        profile = ReferenceClient.profile.model_copy(update={"retry": policy})

    return Client


def _scaled(part: M, factor: float) -> M:
    """A copy with every duration scaled, to whole microseconds; how wrong a clock is, is none."""
    if isinstance(part, ClockSkew | SkewedDate):
        return part
    durations = {name: getattr(part, name) for name in durations_of(type(part))}
    return part.model_copy(
        update={name: max(round(s * factor, 6), GRAIN_S if s else 0.0) for name, s in durations.items() if s is not None}
    )


def durations_of(model: type[BaseModel]) -> list[str]:
    """The fields that hold a duration: those that are written with a unit of time."""
    properties = model.model_json_schema(by_alias=False)["properties"]
    return [name for name, schema in properties.items() if _is_duration(schema)]


def _is_duration(schema: dict[str, Any]) -> bool:
    return "2 s" in schema.get("examples", ()) or any(_is_duration(choice) for choice in schema.get("anyOf", ()))
