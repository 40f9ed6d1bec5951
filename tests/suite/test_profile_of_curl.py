"""curl is measured on real sockets to do what its manual says, and what its profiles here promise. Takes half a minute."""

from __future__ import annotations

import shutil

import pytest

from harness.cli.profile import subject_of
from harness.probe import Confidence, Draft, Prober, draft_of
from harness.scenario.load import load_profile

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

BUDGET_S = 100.0
COMMANDS = {
    "curl": "curl --fail --silent --max-time 10 --json @{request_file} --output {reply_file} {license_url}",
    "curl_retry": "curl --fail --silent --max-time 10 --retry 3 --json @{request_file} --output {reply_file} {license_url}",
}
"""As the first line of each profile says."""

ABOUT_TIME = ("retry.base", "retry.factor", "retry.attempt_timeout")
NOISE = 0.1
"""Jitter that a busy machine adds to pauses, as a share of them."""
SAID_EXACTLY = ("operations", "dialects", "phases", "exits", "retry.attempts", "retry.honours_retry_after")


def measured(command: str) -> Draft:
    return draft_of(Prober(subject_of(f"wire:{command}", "curl", None), budget_s=BUDGET_S).observe())


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_profiles_of_curl_promise_is_what_is_measured(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what was surely seen is compared: the manual knows of longer pauses than a test waits for."""
    monkeypatch.setattr("harness.probe.session.WAIT_S", 1.5)
    promised, draft = load_profile(name), measured(COMMANDS[name])
    assert promised.retry is not None
    for each in draft.measured:
        section, _, key = each.key.rpartition(".")
        truth = getattr(promised.retry if section else promised, key, None)
        if each.confidence is not Confidence.HIGH:
            continue
        if each.key in SAID_EXACTLY:
            assert each.value == truth, each
        if each.key == "retry.jitter":
            assert each.value == pytest.approx(truth, abs=NOISE), each
        if each.key in ABOUT_TIME:
            assert each.value == pytest.approx(truth, rel=0.2), each
    if promised.retry.attempts > 1:
        assert set(draft.of("retry.reasons").value) == promised.retry.reasons
        assert draft.of("statuses").value["retried"] == ["408", "429", "500", "502", "503", "504"]


@pytest.mark.parametrize(("more", "is_told"), [("--fail ", True), ("", False)])
def test_an_exit_status_that_tells_nothing_of_a_refusal_is_warned_of(more: str, is_told: bool) -> None:
    draft = measured(COMMANDS["curl"].replace("--fail ", more).replace("--max-time 10", "--max-time 3"))
    warned = [warning for warning in draft.warnings if warning.startswith("its exit status is 0") and "status_403" in warning]
    assert (warned == []) is is_told
    assert all("--fail changes that" in warning for warning in warned)
