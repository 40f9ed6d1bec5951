"""How a client tries again: when it may, when it must, how often and how soon."""

# Registered in the order of their ids, which is the order of every report.
# isort: off
from harness.checks.retry import retry_offered
from harness.checks.retry import retry_asks_again
from harness.checks.retry import clean_retry_succeeds
from harness.checks.retry import refusal_not_retried
from harness.checks.retry import attempts_bounded
from harness.checks.retry import backoff_not_too_short
from harness.checks.retry import retry_after_honoured
from harness.checks.retry import attempts_do_not_overlap
from harness.checks.retry import quiet_after_the_end
from harness.checks.retry import repetition_is_marked
from harness.checks.retry import nothing_left_open
from harness.checks.retry import no_hot_loop
from harness.checks.retry import backoff_not_too_long
from harness.checks.retry import deadline_kept
from harness.checks.retry import attempt_given_up_in_time
from harness.checks.retry import no_endless_wait
from harness.checks.retry import jitter_is_drawn
from harness.checks.retry import backoff_as_promised
from harness.checks.retry import promised_tries_made
from harness.checks.retry import effect_once

# isort: on

__all__ = [
    "attempt_given_up_in_time",
    "attempts_bounded",
    "attempts_do_not_overlap",
    "backoff_as_promised",
    "backoff_not_too_long",
    "backoff_not_too_short",
    "clean_retry_succeeds",
    "deadline_kept",
    "effect_once",
    "jitter_is_drawn",
    "no_endless_wait",
    "no_hot_loop",
    "nothing_left_open",
    "promised_tries_made",
    "quiet_after_the_end",
    "refusal_not_retried",
    "repetition_is_marked",
    "retry_after_honoured",
    "retry_asks_again",
    "retry_offered",
]
