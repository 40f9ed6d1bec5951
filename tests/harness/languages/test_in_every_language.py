"""A client that speaks its user's language is judged like any other, and no machine's language gets into a trace."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from harness.checks.judge import judge
from harness.checks.status.failure_says_why import has_words
from harness.client.reference import ReferenceClient
from harness.languages.catalogue import languages
from harness.runner.run import run
from harness.scenario.model import Scenario
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason
from harness.status.text import sentence
from harness.tiers.tier import Tier
from harness.trace.entry import StatusReported
from harness.trace.jsonl import line_of
from harness.trace.trace import Trace, is_status, status_of
from tests.flawed_clients.empty_error import Client as EmptyError
from tests.flawed_clients.key_in_text import Client as KeyInText
from tests.suite.playing import ON_EVERY_TIER

TROUBLED = next(scenario for scenario in ON_EVERY_TIER if scenario.name == "license_acquisition/captive_portal")
OTHERS = [language for language in languages() if language != "en"]


def speaking(language: str, scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"settings": scenario.settings.model_copy(update={"language": language})})


def trace_of(scenario: Scenario, client: type[ReferenceClient] = ReferenceClient, tier: Tier = "model") -> Trace:
    return run(scenario, client, client_name="client", adapter="python", network="simulated", tier=tier).trace


def failures(trace: Trace) -> set[str]:
    return {verdict.check.id for verdict in judge(trace) if verdict.ruling == "fail"}


def bare(trace: Trace) -> list[str]:
    """The trace without what the user read."""
    return [
        line_of(replace(entry, what=StatusReported(status=status_of(entry).model_copy(update={"text": ""}))))
        if is_status(entry)
        else line_of(entry)
        for entry in trace.entries
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_the_whole_library_holds_for_a_client_that_speaks_it_and_only_texts_differ(language: str) -> None:
    for scenario in ON_EVERY_TIER:
        in_english, spoken = trace_of(speaking("en", scenario)), trace_of(speaking(language, scenario))
        assert failures(spoken) == failures(in_english), scenario.name
        assert bare(spoken) == bare(in_english), scenario.name
        for one, other in zip(in_english.statuses, spoken.statuses, strict=True):
            assert status_of(one).text != status_of(other).text


@pytest.mark.parametrize("language", languages())
def test_what_a_failing_client_says_counts_as_words(language: str) -> None:
    for phase, reason, operation in product((Phase.FAILED, Phase.BLOCKED), (None, *Reason), Operation):
        assert has_words(sentence(phase, reason, operation=operation, language=language))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(("client", "check"), [(EmptyError, "STATUS-011"), (KeyInText, "SAFETY-006")])
def test_a_flaw_in_a_text_is_found_in_every_language(client: type[ReferenceClient], check: str, language: str) -> None:
    caught = [
        failures(trace_of(speaking(language, scenario), client))
        for scenario in ON_EVERY_TIER
        if scenario.operation == "license_acquisition"
    ]
    assert any(check in found for found in caught)


def test_the_locale_of_a_machine_does_not_get_into_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    here = [line_of(entry) for entry in trace_of(TROUBLED, tier="wire").entries]
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert [line_of(entry) for entry in trace_of(TROUBLED, tier="wire").entries] == here


def test_a_language_that_the_client_has_not_is_answered_in_english() -> None:
    assert [status_of(e).text for e in trace_of(speaking("ja", TROUBLED)).statuses] == [
        status_of(e).text for e in trace_of(TROUBLED).statuses
    ]
