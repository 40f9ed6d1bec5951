"""The sentence a user reads: whole, plain, true to the advice, and free of anything that was not written for a user."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.status.advice import Advice
from harness.status.message import Progress
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason
from harness.status.text import ADVICE, PLAINLY, SENTENCES, WORDS, sentence

INDI, ACQUIRE = Operation.INDIVIDUALIZATION, Operation.LICENSE_ACQUISITION
REVOKE, BACKUP, RESTORE = Operation.LICENSE_REVOCATION, Operation.LICENSE_BACKUP, Operation.LICENSE_RESTORE
PAGE = "https://license.example/page?id=7"

# fmt: off
EXAMPLES = [
    (ACQUIRE, Phase.STARTED, None, {}, "Getting the license."),
    (ACQUIRE, Phase.CONNECTING, None, {"attempt": 1}, "Getting the license: connecting to the license service."),
    (ACQUIRE, Phase.CONNECTING, None, {"attempt": 3},
     "Getting the license: connecting to the license service (attempt 3)."),
    (ACQUIRE, Phase.RECEIVING, None, {"progress": Progress(done=45, total=100)},
     "Getting the license: receiving the reply (45 %)."),
    (ACQUIRE, Phase.RECEIVING, None, {"progress": Progress(done=45)}, "Getting the license: receiving the reply."),
    (ACQUIRE, Phase.RETRY_SCHEDULED, Reason.CONNECTION_LOST, {"retry_in_s": 4.1, "attempt": 1},
     "The license could not be fetched: the connection broke before the reply was whole. Trying again in 4 s."),
    (ACQUIRE, Phase.RETRY_SCHEDULED, Reason.TIMED_OUT, {},
     "The license could not be fetched: no answer came in time. Trying again soon."),
    (ACQUIRE, Phase.RETRYING, None, {"attempt": 2}, "Getting the license: trying again (attempt 2)."),
    (ACQUIRE, Phase.FAILED, Reason.TIMED_OUT, {},
     "The license could not be fetched: no answer came in time. You can try again now."),
    (ACQUIRE, Phase.FAILED, Reason.LICENSE_DENIED, {},
     "The license could not be fetched: the service does not grant what was asked for. "
     "Trying again will not help; please ask the provider of the content."),
    (ACQUIRE, Phase.FAILED, None, {},
     "The license could not be fetched: the cause is not known. Please try again later."),
    (ACQUIRE, Phase.CONSENT_NEEDED, Reason.URL_TAMPERED, {},
     "Warning: the address at which the license is to be had was changed after it was signed. It is safer not to go on."),
    (ACQUIRE, Phase.PAGE_NEEDED, Reason.INTERACTION_REQUIRED, {"url": PAGE},
     f"The license service needs something from you first. Please complete this page: {PAGE}"),
    (ACQUIRE, Phase.PAGE_NEEDED, Reason.INTERACTION_REQUIRED, {},
     "The license service needs something from you first. Please complete the page that it offers."),
    (INDI, Phase.FAILED, Reason.QUOTA_USED_UP, {},
     "The security upgrade could not be installed: the day's quota is used up. Please try again tomorrow."),
    (INDI, Phase.DECLINED, Reason.CONSENT_REFUSED, {},
     "The security upgrade was not installed. Content that needs it stays closed; all other content still plays. "
     "You can try again whenever you like."),
    # Nothing may be said here that is untrue once the licenses are gone and only the service does not know.
    (REVOKE, Phase.RETRY_SCHEDULED, Reason.TIMED_OUT, {"retry_in_s": 2.0},
     "The removal of the licenses is not complete: no answer came in time. Trying again in 2 s."),
    (BACKUP, Phase.SUCCEEDED, None, {}, "The backup is complete."),
    (BACKUP, Phase.SUCCEEDED, Reason.LICENSES_RESTRICTED, {},
     "The backup is complete, except for licenses that their issuers do not allow to be copied."),
    (RESTORE, Phase.BLOCKED, Reason.RESTORE_LIMIT, {"url": PAGE},
     f"The licenses could not be restored: these licenses were restored to too many computers. "
     f"Please go on at this address: {PAGE}"),
    (RESTORE, Phase.BLOCKED, None, {},
     "The licenses could not be restored: the service does not allow it here. Please ask the distributor of the licenses."),
    (RESTORE, Phase.CANCELLED, Reason.CANCELLED_BY_USER, {},
     "Restoring the licenses: stopped, as you wished. You can try again whenever you like."),
]
# fmt: on

phases, operations = st.sampled_from(Phase), st.sampled_from(Operation)
reasons = st.none() | st.sampled_from(Reason)
numbers = st.fixed_dictionaries(
    {
        "attempt": st.integers(0, 99),
        "retry_in_s": st.none() | st.floats(0, 1e6),
        "progress": st.none() | st.builds(Progress, done=st.integers(0, 10**12), total=st.integers(0, 10**12)),
    }
)


@pytest.mark.parametrize(("operation", "phase", "reason", "fields", "expected"), EXAMPLES)
def test_a_status_reads_as_written_here(
    operation: Operation, phase: Phase, reason: Reason | None, fields: dict[str, Any], expected: str
) -> None:
    assert sentence(phase, reason, operation=operation, **fields) == expected


@settings(deadline=None)  # the machine may be busy; what is tested has no clock
@given(phases, reasons, operations, numbers)
def test_every_status_is_whole_sentences_of_plain_words(
    phase: Phase, reason: Reason | None, operation: Operation, fields: dict[str, Any]
) -> None:
    text = sentence(phase, reason, operation=operation, **fields)
    assert re.fullmatch(r"[A-Z][^.?!]+[.?](?: [A-Z][^.?!]+[.?])*", text), text
    assert not re.search(r"_|[{}<>]|  |\bNone\b|[A-Z]{2}|0x|https?:|[.?:;,] *[.:;,]", text), text
    assert len(text) <= 250  # two lines of a dialog


@settings(deadline=None)
@given(phases, reasons, operations, numbers)
def test_the_address_stands_only_where_the_user_must_go(
    phase: Phase, reason: Reason | None, operation: Operation, fields: dict[str, Any]
) -> None:
    text = sentence(phase, reason, operation=operation, url=PAGE, **fields)
    assert (PAGE in text) == (phase in (Phase.PAGE_NEEDED, Phase.BLOCKED))


@settings(deadline=None)
@given(phases, reasons, operations, numbers)
def test_percent_needs_a_total_and_stays_within_a_hundred(
    phase: Phase, reason: Reason | None, operation: Operation, fields: dict[str, Any]
) -> None:
    told = re.findall(r"\((\d+) %\)", sentence(phase, reason, operation=operation, **fields))
    progress = fields["progress"]
    if progress is None or progress.total == 0:
        assert told == []
    else:
        assert all(int(percent) <= 100 for percent in told)
        assert "100" not in told or progress.done >= progress.total


@pytest.mark.parametrize("reason", Reason)
def test_a_failure_says_why_and_what_the_advice_of_its_reason_allows(reason: Reason) -> None:
    for operation in Operation:
        text = sentence(Phase.FAILED, reason, operation=operation)
        assert text.startswith(f"{WORDS[operation].undone}: {PLAINLY.get(reason, reason.meaning)}. ")
        offers = re.search("(you can|please|and) try again", text, re.IGNORECASE) is not None
        assert offers == reason.retryable
        assert ("will not help" in text) == (reason.advice is Advice.NEVER)
        assert ("tomorrow" in text) == (reason.advice is Advice.NOT_TODAY)


@pytest.mark.parametrize("reason", Reason)
def test_an_announced_retry_asks_nothing_of_the_user(reason: Reason) -> None:
    for operation in Operation:
        text = sentence(Phase.RETRY_SCHEDULED, reason, operation=operation, retry_in_s=4.0)
        assert text.endswith(". Trying again in 4 s.")
        assert "you can" not in text.lower()


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.SUCCEEDED])
def test_only_success_claims_that_it_is_done(phase: Phase) -> None:
    for operation, reason in product(Operation, (None, *Reason)):
        assert WORDS[operation].done not in sentence(phase, reason, operation=operation)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.0, "in 1 s"), (0.4, "in 1 s"), (3.6, "in 4 s"), (119.0, "in 119 s"), (120.0, "in 2 min"), (3600.0, "in 60 min")],
)
def test_a_pause_is_told_in_whole_seconds_or_minutes(seconds: float, told: str) -> None:
    text = sentence(Phase.RETRY_SCHEDULED, Reason.TIMED_OUT, operation=ACQUIRE, retry_in_s=seconds)
    assert text.endswith(f"Trying again {told}.")


def test_braces_in_an_address_are_told_as_they_are() -> None:
    assert sentence(Phase.BLOCKED, operation=RESTORE, url="https://x.example/{why}").endswith("https://x.example/{why}")


def test_there_are_words_for_every_phase_operation_and_advice() -> None:
    assert (set(SENTENCES), set(WORDS), set(ADVICE)) == (set(Phase), set(Operation), set(Advice))
