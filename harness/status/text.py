"""The sentence that a user reads with a status message: what is happening or went wrong, and what the user can do.

All words stand in ``harness.status.wording`` and in the catalogues of ``harness.languages``. Into them go numbers, and one
address where the user must go; never a text from the network, a code's name or anything else that could carry a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, lru_cache

from harness.languages.catalogue import SOURCE, languages, translation
from harness.status import wording
from harness.status.advice import Advice
from harness.status.code import Code
from harness.status.message import Progress
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason


@dataclass(frozen=True, slots=True)
class Spoken:
    """The tables of ``wording`` in one language. ``reasons`` holds all; ``service_`` among the words begins a sentence."""

    words: Mapping[Operation, Mapping[str, str]]
    sentences: Mapping[Phase, str]
    because: Mapping[tuple[Phase, Reason], str]
    reasons: Mapping[Reason, str]
    advice: Mapping[Advice, str]
    advice_on: Mapping[Reason, str]
    go_on: Mapping[Phase, tuple[str, str]]
    attempt: str
    percent: str
    pauses: Mapping[str, str]


@cache
def spoken(language: str) -> Spoken:
    """The tables in a language of ``harness.languages``.

    Raises:
        LanguageError: There is no such language.
    """
    translate = translation(language)
    told = {context: translate(context, text) for context, text in wording.messages()}
    fields = {operation: {field: told[f"{operation} {field}"] for field in asdict(w)} for operation, w in wording.WORDS.items()}
    return Spoken(
        words={operation: {**words, "service_": _beginning(words["service"])} for operation, words in fields.items()},
        sentences={phase: told[f"phase {phase}"] for phase in wording.SENTENCES},
        because={(phase, reason): told[f"phase {phase} reason {reason}"] for phase, reason in wording.SENTENCES_BECAUSE},
        reasons={reason: told[f"reason {reason}"] for reason in Reason},
        advice={advice: told[f"advice {advice}"] for advice in wording.ADVICE},
        advice_on={reason: told[f"advice on {reason}"] for reason in wording.ADVICE_ON},
        go_on={phase: (told[f"go on {phase} with url"], told[f"go on {phase} without url"]) for phase in wording.GO_ON},
        attempt=told["attempt"],
        percent=told["percent"],
        pauses={unit: told[f"pause {unit}"] for unit in wording.PAUSES},
    )


def sentence(
    phase: Phase,
    reason: Reason | None = None,
    *,
    operation: Operation,
    attempt: int = 0,
    retry_in_s: float | None = None,
    progress: Progress | None = None,
    url: str | None = None,
    language: str = SOURCE,
) -> str:
    """The sentence for a status message with these fields; plain words, never empty.

    Args:
        phase: What the client is doing.
        reason: What went wrong. A failure without a reason is told as one whose cause is not known.
        operation: What it is about.
        attempt: Number of the present attempt; told from the second one on.
        retry_in_s: Seconds until the next attempt, where they are known.
        progress: How far it has come; told in percent once a total is known.
        url: Where the user must go on; told, as it is, for `Phase.PAGE_NEEDED` and `Phase.BLOCKED` only.
        language: One of ``harness.languages``.

    Raises:
        LanguageError: There is no such language.
    """
    tables = spoken(language)
    return _filled(
        language,
        phase,
        reason or Reason.UNKNOWN,
        operation,
        attempt,
        _pause(tables, retry_in_s),
        _percent(tables, progress),
        url,
    )


@lru_cache(maxsize=1024)  # a client says the same few things again and again
def _filled(
    language: str, phase: Phase, cause: Reason, operation: Operation, attempt: int, pause: str, percent: str, url: str | None
) -> str:
    tables = spoken(language)
    with_url, without_url = tables.go_on.get(phase, ("", ""))
    template = tables.because.get((phase, cause), tables.sentences[phase])
    return template.format(
        **tables.words[operation],
        why=tables.reasons[cause],
        advice=tables.advice_on.get(cause, tables.advice[cause.advice]),
        pause=pause,
        attempt=tables.attempt.format(attempt=attempt) if attempt > 1 else "",
        percent=percent,
        go_on=with_url.format(url=url) if url else without_url,
    )


def code_sentence(code: Code, language: str = SOURCE) -> str:
    """What a code means to a user, as a sentence.

    Raises:
        LanguageError: There is no such language.
    """
    return f"{_beginning(translation(language)(f'code {code.name}', code.meaning))}."


@cache
def in_every_language(context: str, text: str) -> tuple[str, ...]:
    """A text of ``wording`` in each language there is: for whoever reads what was said without being told in which."""
    return tuple(translation(language)(context, text) for language in languages())


def _beginning(text: str) -> str:
    """As it stands at the beginning of a sentence; ``str.capitalize`` would make the rest small."""
    return text[:1].upper() + text[1:]


def _percent(tables: Spoken, progress: Progress | None) -> str:
    """Rounded down, so that 100 % is said only when all is there; nothing as long as the total is unknown."""
    if progress is None or progress.total == 0:
        return ""
    return tables.percent.format(percent=min(100, 100 * progress.done // progress.total))


def _pause(tables: Spoken, seconds: float | None) -> str:
    if seconds is None:
        return tables.pauses["soon"]
    whole = max(1, round(seconds))
    if whole < 120:
        return tables.pauses["seconds"].format(seconds=whole)
    return tables.pauses["minutes"].format(minutes=round(whole / 60))
