"""What the client's user read, for a reader of another language.

A trace keeps each sentence as it was said. One that the harness's own client could have said is made again, from the same
fields, in the reader's language; a client's own words are shown as they are, since nobody here knows what they mean.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.languages.catalogue import SOURCE, languages
from harness.report.plain_text import plain
from harness.status.message import StatusMessage
from harness.status.text import sentence
from harness.trace.trace import Trace, status_of


def told(status: StatusMessage, language: str = SOURCE) -> str:
    """The sentence as this reader is shown it; empty if the client said none."""
    if status.text == _ours(status, language, status.attempt):  # mostly: no other language need be looked at
        return status.text
    for spoken in languages():
        for attempt in (status.attempt, 0):  # the number of an attempt is told only while it is under way
            if status.text == _ours(status, spoken, attempt):
                return _ours(status, language, attempt)
    return status.text


def last_words(trace: Trace, language: str = SOURCE) -> Iterator[str]:
    """What the user read last in each round, one line each, safe to print."""
    rounds = [round_ for round_ in trace.rounds if round_.reports]
    for round_ in rounds:
        if text := told(status_of(round_.reports[-1]), language):
            place = f" in round {round_.number}" if len(rounds) > 1 else ""
            yield f"the user read last{place}: {plain(text)}"


def _ours(status: StatusMessage, language: str, attempt: int) -> str:
    return sentence(
        status.phase,
        status.reason,
        operation=status.operation,
        attempt=attempt,
        retry_in_s=status.retry_in_s,
        progress=status.progress,
        url=status.url,
        language=language,
    )
