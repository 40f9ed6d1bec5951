"""curl is measured on real sockets to do what its manual says; in real time, so it takes half a minute."""

from __future__ import annotations

import shutil

import pytest

from harness.cli.profile import subject_of
from harness.operations.retry import RetryPolicy
from harness.probe import Prober, draft_of
from harness.scenario.model import Outcome
from harness.status.reason import Reason

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

CURL = "wire:curl --silent --max-time 4 {more} --json @{{request_file}} --output {{reply_file}} {{license_url}}"
BUDGET_S = 90.0


@pytest.mark.parametrize(
    ("more", "policy", "exit_is_told"),
    [
        ("--fail --retry 2", RetryPolicy(attempts=3, base=1.0, factor=2.0, jitter=0.0), True),
        ("--fail", RetryPolicy(attempts=1), True),
        ("", RetryPolicy(attempts=1), False),
    ],
    ids=["retry 2", "no retry", "without --fail"],
)
def test_curl_is_measured_to_do_what_its_options_say(more: str, policy: RetryPolicy, exit_is_told: bool) -> None:
    """Its manual: --retry repeats after a timeout and after 408, 429, 500, 502, 503 and 504; 1 s, then twice as long."""
    spec = CURL.format(more=more)
    draft = draft_of(Prober(subject_of(spec, "curl", None), budget_s=BUDGET_S).observe())
    found = draft.profile.retry
    assert found is not None
    assert found.attempts == policy.attempts
    assert found.attempt_timeout == pytest.approx(4.0, rel=0.1)
    assert draft.profile.exits == {"0": Outcome.SUCCEEDED, "default": Outcome.FAILED}
    assert any("exit status is 0" in warning and "status_403" in warning for warning in draft.warnings) is not exit_is_told
    if policy.attempts > 1:
        assert found.base == pytest.approx(policy.base, rel=0.2)
        assert found.factor == pytest.approx(policy.factor, rel=0.2)
        assert found.honours_retry_after
        assert found.reasons == {Reason.TIMED_OUT, Reason.SERVICE_UNAVAILABLE, Reason.RATE_LIMITED}
        assert draft.of("statuses").value["retried"] == ["408", "429", "500", "502", "503", "504"]
