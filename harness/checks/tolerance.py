"""How exactly time is judged. Everything that a check forgives about time stands here."""

from __future__ import annotations

from harness.trace.trace import Trace

SIMULATED_S = 0.001
"""In virtual time nothing is late but by rounding and by the order of callbacks at one moment."""

ROUNDING_S = 1e-6
"""To a microsecond the times in a trace are exact."""

LOOPBACK_EARLY_S = 0.030
"""Two processes, two clocks and a timer's grain: so much sooner than asked still counts as in time."""

TIMER_GRAIN_S = 0.25
"""By so much the middle of several pauses between two processes may be too long; single ones may be longer."""

LOOPBACK_LATE_S = 2.0
"""A busy machine may hold a process up for so long without its doing."""


def early_s(trace: Trace) -> float:
    """So much sooner than the earliest moment allowed is forgiven."""
    return SIMULATED_S if is_exact(trace) else LOOPBACK_EARLY_S


def crossing_s(trace: Trace) -> float:
    """By so much two things that were sent one after the other, over two connections, may be seen in the other order.

    A client that gives a request up closes its connection first, and asks again over another.
    """
    return ROUNDING_S + trace.head.scenario.world.jitter if is_exact(trace) else LOOPBACK_EARLY_S


def late_s(trace: Trace) -> float:
    """So much later than the latest moment allowed is forgiven."""
    return SIMULATED_S if is_exact(trace) else LOOPBACK_LATE_S


def under_way_s(trace: Trace) -> float:
    """How long what the client sent before a moment may take to be seen after it."""
    return trace.head.scenario.world.longest_trip_s + early_s(trace)


def is_exact(trace: Trace) -> bool:
    """Whether lateness can be told at all: in virtual time only."""
    return trace.head.network == "simulated"
