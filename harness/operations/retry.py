"""The retry policy, as data: how often, after what pause, for which reasons, and within what time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from fake_servers.quantities import Seconds
from harness.status.reason import Reason

if TYPE_CHECKING:  # a policy draws from the generator it is given and makes none
    from random import Random

RETRIED_BY_DEFAULT = frozenset(
    {
        Reason.NAME_NOT_RESOLVED,
        Reason.CONNECTION_REFUSED,
        Reason.CONNECTION_LOST,
        Reason.TIMED_OUT,
        Reason.TLS_FAILED,
        Reason.SERVICE_UNAVAILABLE,
        Reason.RATE_LIMITED,
        Reason.UNREADABLE_REPLY,
        Reason.REPLAYED_REQUEST,
        Reason.MAINTENANCE,
    }
)


class RetryPolicy(BaseModel):
    """What a client promises about trying again by itself.

    The pause before automatic attempt *n* + 1 of a round is ``base * factor ** (n - 1)`` or ``base + step * (n - 1)``, at most
    ``cap``, times a random number from ``1 - jitter`` to ``1 + jitter``; never shorter than what Retry-After asks.

    Attributes:
        attempts: Tries a round, the first one included; 1 means no automatic retry.
        base: The first pause.
        factor: Each pause is so many times the one before; 1 with a ``step`` is linear backoff.
        step: Each pause is so much longer than the one before.
        cap: No pause is longer, jitter and Retry-After apart.
        jitter: Share of the pause by which it may differ either way, 0 to 1.
        honours_retry_after: Waits at least what a reply's Retry-After asks.
        longest_wait: If Retry-After asks for more than this, the round fails and the user is told to retry later.
        attempt_timeout: One attempt is given up after this.
        deadline: No automatic attempt begins later than this after its round began.
        reasons: What is retried; everything else ends the round at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempts: int = Field(default=4, ge=1, le=100)
    base: Seconds = 1.0
    factor: float = Field(default=2.0, ge=1, le=100)
    step: Seconds = 0.0
    cap: Seconds = 30.0
    jitter: float = Field(default=0.2, ge=0, le=1)
    honours_retry_after: bool = True
    longest_wait: Seconds = 120.0
    attempt_timeout: Seconds = 10.0
    deadline: Seconds = 300.0
    reasons: frozenset[Reason] = RETRIED_BY_DEFAULT

    def bounds_s(self, failed_attempts: int) -> tuple[float, float]:
        """Shortest and longest pause in seconds after so many failed attempts of a round (from 1), Retry-After apart."""
        pause = min(self.cap, self.base * self.factor ** (failed_attempts - 1) + self.step * (failed_attempts - 1))
        return pause * (1 - self.jitter), pause * (1 + self.jitter)

    def pause_s(self, failed_attempts: int, retry_after_s: float | None, rng: Random) -> float:
        """The pause to take, in seconds."""
        pause = rng.uniform(*self.bounds_s(failed_attempts))
        return max(pause, retry_after_s) if retry_after_s is not None and self.honours_retry_after else pause
