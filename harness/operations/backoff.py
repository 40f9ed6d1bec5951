"""Reads a policy of pauses off the pauses that were seen. Statistics only: knows no trace, no probe and no client.

A client pauses ``base * factor ** (n - 1)`` or ``base + step * (n - 1)`` seconds after its n-th failure, at most ``cap``, times
a random number around 1. The simplest of these shapes that every pause agrees with is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from math import exp, inf, log, sqrt
from statistics import fmean, linear_regression, median

Runs = Sequence[Sequence[float]]
"""Of each run its pauses in order, in seconds."""

SIGMAS = 3
"""An estimate is trusted to be off by no more standard deviations than this."""

FEWEST_TO_COMPARE = 5
"""So many pauses at least are needed to call one of them a hiccup."""

LARGEST_FACTOR = 100.0
"""What a profile can say."""


class Jitter(StrEnum):
    """How chance enters the pauses; the value is the word in a draft."""

    NONE = "none"
    FULL = "full"  # from nothing to twice the mean
    EQUAL = "equal"  # from half the longest to the longest
    PARTIAL = "partial"  # another share either way
    UNKNOWN = "unknown"


class Shape(StrEnum):
    """How pauses grow."""

    CONSTANT = "constant"
    EXPONENTIAL = "exponential"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True)
class Grain:
    """How exactly a time was measured: it may have been seen so much too short, or so much too long.

    Attributes:
        hiccups: Now and then a busy machine is later than that, and such a pause tells nothing of the client.
    """

    early_s: float
    late_s: float
    hiccups: bool = False

    @property
    def width_s(self) -> float:
        """Two measurements of the same time differ by no more."""
        return self.early_s + self.late_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """What the pauses agree with.

    Attributes:
        cap: The longest pause, jitter apart; None if none stopped growing.
        jitter: Share by which a pause may differ either way.
        others: Shapes that the pauses agree with just as well.
        fits: Whether they agree with the shape at all; otherwise it is only the nearest.
        columns: How many pauses one after the other were seen.
        samples: How many pauses in all.
        left_out: How many more were so much longer than the others that a hiccup of the machine explains them better.
    """

    shape: Shape
    base: float
    factor: float = 1.0
    step: float = 0.0
    cap: float | None = None
    jitter: float = 0.0
    family: Jitter = Jitter.NONE
    others: tuple[Shape, ...] = ()
    fits: bool = True
    columns: int = 0
    samples: int = 0
    left_out: int = 0

    def pause_s(self, n: int) -> float:
        """The pause after the n-th failure, jitter apart."""
        pause = self.base * self.factor ** (n - 1) + self.step * (n - 1)
        return pause if self.cap is None else min(pause, self.cap)


@dataclass(frozen=True, slots=True)
class Column:
    """The pauses after the n-th failure, of all runs."""

    seen: tuple[float, ...]
    is_steady: bool
    grain: Grain

    @property
    def centre(self) -> float:
        """The middle of the band; of pauses without chance the shortest, since a measurement only ever comes late."""
        return min(self.seen) if self.is_steady else (min(self.seen) + max(self.seen)) / 2

    @property
    def error(self) -> float:
        """By how much the centre may be off. Of the middle of n draws from a band of width w, one sigma is
        w / sqrt(2 (n + 1) (n + 2))."""
        width, number = max(self.seen) - min(self.seen), len(self.seen)
        chance = 0.0 if self.is_steady else SIGMAS * width / sqrt(2 * (number + 1) * (number + 2))
        return chance + self.grain.width_s


def backoff_of(runs: Runs, grain: Grain) -> Backoff | None:
    """The simplest policy that all pauses agree with; None if there is no pause.

    Args:
        runs: Of each run its pauses. One run says nothing of jitter.
        grain: How exactly they were measured.
    """
    by_place = [tuple(one for one in place if one is not None) for place in zip_longest(*runs)]
    if not by_place:
        return None
    seen_in_all = sum(map(len, by_place))
    if grain.hiccups:
        by_place = [_without_hiccups(seen, grain) for seen in by_place]
    is_steady = all(max(seen) - min(seen) <= grain.width_s for seen in by_place)
    columns = [Column(seen, is_steady, grain) for seen in by_place]
    fitting = [shape for shape in _candidates(columns) if _agrees(shape, columns)]
    best = fitting[0] if fitting else min(_candidates(columns), key=lambda shape: _worst(shape, columns))
    others = dict.fromkeys(shape.shape for shape in fitting if shape.shape is not best.shape and _is_as_simple(shape, best))
    samples = sum(len(column.seen) for column in columns)
    best = replace(
        best, others=tuple(others), fits=bool(fitting), columns=len(columns), samples=samples, left_out=seen_in_all - samples
    )
    rounded = _with_jitter(best, columns) if not is_steady else _rounded(best, columns)
    return rounded if max(map(len, by_place)) > 1 else replace(rounded, family=Jitter.UNKNOWN)


def _without_hiccups(seen: tuple[float, ...], grain: Grain) -> tuple[float, ...]:
    """A band reaches about as far above its middle as below; a hiccup only ever makes a pause longer."""
    if len(seen) < FEWEST_TO_COMPARE:
        return seen
    middle = median(seen)
    longest = middle + 3 * (middle - min(seen)) + 2 * grain.width_s
    return tuple(one for one in seen if one <= longest)


# ── shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _candidates(columns: Sequence[Column]) -> Iterator[Backoff]:
    """Every shape, the simplest first; of those with a cap, the ones first that reach it last."""
    centres = [column.centre for column in columns]
    yield Backoff(shape=Shape.CONSTANT, base=min(centres) if columns[0].is_steady else fmean(centres))
    for growing in range(len(centres), 0, -1):
        cap = fmean(centres[growing:]) if growing < len(centres) else None
        for fit in (_exponential, _linear):
            shape = fit(centres[:growing], cap)
            if shape is not None:
                yield shape


def _exponential(centres: Sequence[float], cap: float | None) -> Backoff | None:
    if len(centres) == 1:  # it grows to the cap at once, by this factor or a larger one
        if cap is None or centres[0] <= 0 or not 1 < cap / centres[0] <= LARGEST_FACTOR:
            return None
        return Backoff(shape=Shape.EXPONENTIAL, base=centres[0], factor=cap / centres[0], cap=cap)
    if min(centres) <= 0:
        return None
    slope, start = linear_regression(range(len(centres)), [log(centre) for centre in centres])
    if not 0 < slope <= log(LARGEST_FACTOR):
        return None
    return Backoff(shape=Shape.EXPONENTIAL, base=exp(start), factor=exp(slope), cap=cap)


def _linear(centres: Sequence[float], cap: float | None) -> Backoff | None:
    if len(centres) == 1:
        if cap is None or cap <= centres[0]:
            return None
        return Backoff(shape=Shape.LINEAR, base=max(0.0, centres[0]), step=cap - centres[0], cap=cap)
    slope, start = linear_regression(range(len(centres)), centres)
    return Backoff(shape=Shape.LINEAR, base=max(0.0, start), step=slope, cap=cap) if slope > 0 else None


def _agrees(shape: Backoff, columns: Sequence[Column]) -> bool:
    return _worst(shape, columns) <= 1


def _worst(shape: Backoff, columns: Sequence[Column]) -> float:
    """The largest distance of a centre from the shape, in units of what it may be off."""
    return max(abs(shape.pause_s(n) - column.centre) / max(column.error, 1e-9) for n, column in enumerate(columns, start=1))


def _is_as_simple(one: Backoff, other: Backoff) -> bool:
    return (one.shape is Shape.CONSTANT) == (other.shape is Shape.CONSTANT) and (one.cap is None) == (other.cap is None)


# ── jitter ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_jitter(shape: Backoff, columns: Sequence[Column]) -> Backoff:
    """Every pause in relation to its centre, all together: the band that they fill."""
    ratios = [s / shape.pause_s(n) for n, column in enumerate(columns, start=1) for s in column.seen if shape.pause_s(n) > 0]
    if not ratios:
        return replace(shape, family=Jitter.UNKNOWN)
    low, high = band_of(ratios)
    middle, jitter = (low + high) / 2, (high - low) / (high + low)
    off = (high - low) / len(ratios)  # both ends of the band are estimated this well
    family = Jitter.UNKNOWN if _is_additive(columns) else family_of(jitter, off)
    relative = 2 * off / middle
    steps = max(1, sum(shape.cap is None or shape.pause_s(n) < shape.cap for n in range(1, len(columns) + 1)) - 1)
    relative_factor = max(column.error / column.centre for column in columns if column.centre > 0) / steps
    return replace(
        shape,
        base=rounded(shape.base * middle, shape.base * relative),
        factor=max(1.0, rounded(shape.factor, shape.factor * relative_factor)) if shape.factor > 1 else 1.0,
        step=rounded(shape.step * middle, shape.step * relative),
        cap=None if shape.cap is None else rounded(shape.cap * middle, shape.cap * relative),
        jitter=min(1.0, rounded(jitter, off)),
        family=family,
    )


def band_of(draws: Sequence[float]) -> tuple[float, float]:
    """The band from which evenly distributed draws come: both ends lie a little beyond the outermost of them."""
    low, high = min(draws), max(draws)
    beyond = (high - low) / max(1, len(draws) - 1)
    return max(0.0, low - beyond), high + beyond


def family_of(jitter: float, off: float) -> Jitter:
    """The name that is known for a share of jitter, measured as exactly as ``off`` says."""
    near = max(0.03, 2 * off)
    if jitter <= 0.01:
        return Jitter.NONE
    if jitter >= 1 - near:
        return Jitter.FULL
    return Jitter.EQUAL if abs(jitter - 1 / 3) <= near else Jitter.PARTIAL


def _is_additive(columns: Sequence[Column]) -> bool:
    """Whether the spread stays the same while pauses grow: such chance is added, not multiplied, and no share tells of it."""
    enough = [column for column in columns if len(column.seen) >= 8 and column.centre > 0]
    if len(enough) < 2 or enough[-1].centre < 2 * enough[0].centre:
        return False
    first, last = (max(column.seen) - min(column.seen) for column in (enough[0], enough[-1]))
    return abs(last / first - 1) < 0.25 if first > 0 else False


# ── rounding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def rounded(value: float, off: float) -> float:
    """The number with the fewest digits that is no further from ``value`` than ``off``."""
    for digits in range(1, 7):
        candidate = float(f"{value:.{digits}g}")
        if abs(candidate - value) <= off:
            return candidate
    return float(f"{value:.6g}")


def _rounded(shape: Backoff, columns: Sequence[Column]) -> Backoff:
    """Round numbers, as long as every pause still agrees with them."""
    off = columns[0].grain.width_s
    relative = off / max(shape.base, off)
    candidate = replace(
        shape,
        base=rounded(shape.base, off),
        factor=max(1.0, rounded(shape.factor, shape.factor * 2 * relative)),
        step=rounded(shape.step, off),
        cap=None if shape.cap is None else rounded(shape.cap, off),
    )
    return candidate if _worst(candidate, columns) <= max(1.0, _worst(shape, columns)) else shape


def at_most(longest: float) -> float:
    """The least round number of seconds that is no less: a bound that measuring leaves room in."""
    steps = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, inf)
    return float(next(step for step in steps if longest <= step))
