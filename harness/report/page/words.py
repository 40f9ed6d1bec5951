"""The words, signs and style names of verdicts on a page. A sign beside each word: colour alone tells nothing to many."""

from __future__ import annotations

from dataclasses import dataclass

from harness.checks.registry import Ruling
from harness.report.results import Standing


@dataclass(frozen=True, slots=True)
class Word:
    """A verdict in words.

    Attributes:
        style: Its class in the style sheet.
        sign: One character.
        text: What is read.
        meaning: For the legend.
    """

    style: str
    sign: str
    text: str
    meaning: str


STANDINGS = {
    Standing.FAILED: Word("failed", "✕", "failed", "a must-rule was broken in at least one run"),
    Standing.UNEXPECTED: Word("failed", "✕", "unexpected", "listed as an expected failure, and held"),
    Standing.INCONCLUSIVE: Word("doubt", "?", "inconclusive", "could not be decided in at least one run"),
    Standing.EXPECTED: Word("expected", "≈", "expected", "failed, as the list of expected failures says"),
    Standing.ADVISED: Word("should", "!", "should only", "a should-rule was not met; that breaks nothing"),
    Standing.PASSED: Word("ok", "✓", "OK", "held wherever it applied"),
    Standing.NOT_APPLICABLE: Word("silent", "–", "not judged", "had nothing to say of this client"),
}

RULINGS = {
    Ruling.FAILED: Word("failed", "✕", "failed", "a must-rule was broken"),
    Ruling.INCONCLUSIVE: Word("doubt", "?", "inconclusive", "could not be decided"),
    Ruling.PASSED: Word("ok", "✓", "held", "every must-rule that applied held"),
    Ruling.NOT_APPLICABLE: Word("silent", "–", "not applicable", "nothing applied"),
}
