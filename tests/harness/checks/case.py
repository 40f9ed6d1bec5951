"""A case: what one check must say of one trace, with the sentence that tells why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.checks.registry import Ruling
from harness.trace.trace import Trace
from tests.harness.checks.trace_builder import Word, trace_of

SHORT = {"pass": Ruling.PASSED, "fail": Ruling.FAILED, "n/a": Ruling.NOT_APPLICABLE, "?": Ruling.INCONCLUSIVE}


@dataclass(frozen=True)
class Case:
    """The trace is made only when asked for, so that a mistake in one case fails that case alone."""

    check: str
    ruling: Ruling
    about: str
    trace: Callable[[], Trace]

    def __str__(self) -> str:
        return f"{self.check} {self.ruling}: {self.about}"


def case(check: str, ruling: str, about: str, *words: Word, **options: Any) -> Case:
    """One case; words and options are those of ``trace_of``."""
    return Case(check, SHORT[ruling], about, lambda: trace_of(*words, **options))
