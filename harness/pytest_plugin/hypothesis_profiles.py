"""How long Hypothesis searches: ``dev`` while somebody writes code, ``nightly`` while nobody waits.

Between the two stands ``ci``, which Hypothesis has itself: repeatable, without a deadline.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.errors import InvalidArgument

PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large)
"""An example is a run of a whole world, which may take a while to draw."""


def offer() -> None:
    """Register the two, unless the suite has profiles of these names."""
    _offer("dev", settings(max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=PATIENT))
    _offer(
        "nightly",
        settings(max_examples=5_000, stateful_step_count=100, deadline=None, print_blob=True, suppress_health_check=PATIENT),
    )


def _offer(name: str, profile: settings) -> None:
    try:
        settings.get_profile(name)
    except InvalidArgument:
        settings.register_profile(name, profile)
