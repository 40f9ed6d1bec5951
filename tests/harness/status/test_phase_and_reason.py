"""The closed lists of phases and reasons: each word is explained, and each thing a fault shows has honest answers."""

from __future__ import annotations

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from fake_servers.faults.base import Presentation
from harness.operations.catalogue import OPERATIONS
from harness.status.advice import Advice
from harness.status.phase import SETTLING, Phase
from harness.status.reason import HONEST_REASONS, Reason


@pytest.mark.parametrize("word", [*Phase, *Reason])
def test_each_word_is_a_word_and_has_a_meaning_that_fits_into_a_sentence(word: Phase | Reason) -> None:
    assert re.fullmatch("[a-z]+(_[a-z]+)*", word)
    assert word.name == word.value.upper()
    assert word.meaning[0].islower()
    assert word.meaning[-1] not in ".!?"


def test_no_two_words_mean_the_same() -> None:
    """Two phases "the user stopped it" and the like would leave a client guessing; a reason may echo a phase."""
    assert len({phase.meaning for phase in Phase}) == len(Phase)
    assert len({reason.meaning for reason in Reason}) == len(Reason)


def test_these_phases_settle_and_no_others() -> None:
    assert {"succeeded", "failed", "cancelled", "blocked", "declined"} == SETTLING


def test_each_phase_is_said_by_some_operation() -> None:
    said = {row.says for lifecycle in OPERATIONS.values() for row in lifecycle.rows}
    assert said - {None} == set(Phase)


def test_a_word_is_read_back_from_its_text() -> None:
    assert TypeAdapter(Phase).validate_python("retry_scheduled") is Phase.RETRY_SCHEDULED
    with pytest.raises(ValidationError):
        TypeAdapter(Phase).validate_python("almost_done")


@pytest.mark.parametrize("presentation", Presentation)
def test_each_thing_that_a_fault_shows_has_an_honest_answer(presentation: Presentation) -> None:
    honest = HONEST_REASONS[presentation]
    assert bool(honest) is (presentation is not Presentation.HARMLESS), "what harms nobody is no reason to fail"
    assert Reason.UNKNOWN not in honest, "to know nothing is no answer to something that was seen"


def test_no_honest_answer_blames_the_user_or_the_device() -> None:
    """Faults are on the wire and in the service; what the user or the device did is never their doing."""
    of_others = {
        Reason.CONSENT_REFUSED,
        Reason.CANCELLED_BY_USER,
        Reason.PAGE_NOT_COMPLETED,
        Reason.STORAGE_FAILED,
        Reason.NOT_SUPPORTED,
        Reason.BUSY,
        Reason.BACKUP_EXISTS,
    }
    assert not of_others & {reason for honest in HONEST_REASONS.values() for reason in honest}


def test_a_transport_fault_is_never_told_as_the_services_word() -> None:
    """A broken connection proves nothing about rights: "denied" or "revoked" would be invented."""
    the_services_word = {Reason.LICENSE_DENIED, Reason.DEVICE_REVOKED, Reason.RESTORE_LIMIT, Reason.QUOTA_USED_UP}
    for presentation in (
        Presentation.CONNECTION_REFUSED,
        Presentation.SILENCE,
        Presentation.CONNECTION_LOST,
        Presentation.SLOW,
        Presentation.CORRUPTED,
        Presentation.HANDSHAKE_BROKEN,
        Presentation.UNTRUSTED_CERTIFICATE,
        Presentation.SERVER_ERROR,
        Presentation.UNAVAILABLE,
    ):
        assert not the_services_word & HONEST_REASONS[presentation]


@pytest.mark.parametrize(
    ("reason", "retryable", "automatic"),
    [
        (Reason.CONNECTION_LOST, True, True),
        (Reason.QUOTA_USED_UP, True, False),  # tomorrow, and not by a loop
        (Reason.NEEDS_INDIVIDUALIZATION, True, False),
        (Reason.RESTORE_LIMIT, False, False),
        (Reason.DEVICE_REVOKED, False, False),
        (Reason.LICENSES_RESTRICTED, False, False),
    ],
)
def test_advice_tells_what_may_be_offered_and_what_may_be_done_unasked(
    reason: Reason, retryable: bool, automatic: bool
) -> None:
    assert (reason.retryable, reason.advice.automatic) == (retryable, automatic)


def test_nothing_is_done_unasked_that_may_not_even_be_offered() -> None:
    assert all(advice.retryable for advice in Advice if advice.automatic)
