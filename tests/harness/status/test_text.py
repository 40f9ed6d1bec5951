"""The sentence a user reads: whole, plain, true to the advice, and free of anything that was not written for a user."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.languages.catalogue import SOURCE, languages
from harness.status.advice import Advice
from harness.status.code import CODES, Code
from harness.status.message import Progress
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason
from harness.status.text import code_sentence, sentence, spoken
from harness.status.wording import ADVICE, PLAINLY, SENTENCES, WORDS

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
IN_FRENCH = [
    (ACQUIRE, Phase.CONNECTING, None, {"attempt": 3},
     "Obtention de la licence\u00a0: connexion avec le service de licences (essai\u00a03)."),
    (ACQUIRE, Phase.RECEIVING, None, {"progress": Progress(done=45, total=100)},
     "Obtention de la licence\u00a0: réception de la réponse (45\u202f%)."),
    (ACQUIRE, Phase.RETRY_SCHEDULED, Reason.CONNECTION_LOST, {"retry_in_s": 4.1, "attempt": 1},
     "La licence n’a pas pu être obtenue\u00a0: la connexion a été coupée avant la fin de la réponse. "
     "Nouvel essai dans 4\u00a0s."),
    (ACQUIRE, Phase.PAGE_NEEDED, Reason.INTERACTION_REQUIRED, {"url": PAGE},
     f"Le service de licences attend d’abord quelque chose de vous. Veuillez remplir cette page\u00a0: {PAGE}"),
    (INDI, Phase.CONSENT_NEEDED, None, {},
     "Un composant de cet appareil va être modifié. Acceptez-vous la mise à niveau de sécurité\u202f?"),
    (REVOKE, Phase.FAILED, Reason.TIMED_OUT, {},
     "La suppression des licences n’est pas terminée\u00a0: aucune réponse n’est arrivée à temps. "
     "Vous pouvez réessayer maintenant."),
    (RESTORE, Phase.BLOCKED, Reason.RESTORE_LIMIT, {},
     "Les licences n’ont pas pu être restaurées\u00a0: ces licences ont été restaurées sur trop d’ordinateurs. "
     "Veuillez vous adresser au distributeur des licences."),
]
# fmt: on

in_any_language = pytest.mark.parametrize("language", languages())
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


@pytest.mark.parametrize(("operation", "phase", "reason", "fields", "expected"), IN_FRENCH)
def test_a_status_reads_in_french_as_written_here(
    operation: Operation, phase: Phase, reason: Reason | None, fields: dict[str, Any], expected: str
) -> None:
    assert sentence(phase, reason, operation=operation, language="fr", **fields) == expected


@in_any_language
@settings(deadline=None)  # the machine may be busy; what is tested has no clock
@given(phase=phases, reason=reasons, operation=operations, fields=numbers)
def test_every_status_is_whole_sentences_of_plain_words(
    language: str, phase: Phase, reason: Reason | None, operation: Operation, fields: dict[str, Any]
) -> None:
    text = sentence(phase, reason, operation=operation, language=language, **fields)
    assert re.fullmatch(r"[A-ZÀÉÊ][^.?!]+[.?](?: [A-ZÀÉÊ][^.?!]+[.?])*", text), text
    assert not re.search(r"_|[{}<>]|  |\bNone\b|[A-Z]{2}|0x|https?:|[.?:;,] *[.:;,]", text), text
    assert len(text) <= 250  # two lines of a dialog


@in_any_language
@settings(deadline=None)
@given(phase=phases, reason=reasons, operation=operations, fields=numbers)
def test_the_address_stands_only_where_the_user_must_go(
    language: str, phase: Phase, reason: Reason | None, operation: Operation, fields: dict[str, Any]
) -> None:
    text = sentence(phase, reason, operation=operation, url=PAGE, language=language, **fields)
    assert (PAGE in text) == (phase in (Phase.PAGE_NEEDED, Phase.BLOCKED))


@in_any_language
@settings(deadline=None)
@given(phase=phases, reason=reasons, operation=operations, fields=numbers)
def test_percent_needs_a_total_and_stays_within_a_hundred(
    language: str, phase: Phase, reason: Reason | None, operation: Operation, fields: dict[str, Any]
) -> None:
    told = re.findall(r"\((\d+)\s%\)", sentence(phase, reason, operation=operation, language=language, **fields))
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


@in_any_language
@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.SUCCEEDED])
def test_only_success_claims_that_it_is_done(phase: Phase, language: str) -> None:
    for operation, reason in product(Operation, (None, *Reason)):
        assert spoken(language).words[operation]["done"] not in sentence(phase, reason, operation=operation, language=language)


@in_any_language
@pytest.mark.parametrize("reason", Reason)
def test_a_failure_names_its_reason_and_what_to_do_in_every_language(reason: Reason, language: str) -> None:
    said = spoken(language)
    for operation in Operation:
        text = sentence(Phase.FAILED, reason, operation=operation, language=language)
        assert text.startswith(said.words[operation]["undone"])
        assert said.reasons[reason] in text
        assert text.endswith(said.advice_on.get(reason, said.advice[reason.advice]))


@in_any_language
@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_every_code_is_one_sentence_in_every_language(code: Code, language: str) -> None:
    text = code_sentence(code, language)
    assert re.fullmatch(r"[A-Z][^.?!_{}]+[^\W\d_]\.", text), text
    assert (text.removesuffix(".").lower() == code.meaning.lower()) == (language == SOURCE)


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
