"""What a check is, the verdicts it can give, and the registry that finds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from fake_servers.registry import Registry
from harness.errors import DeclarationError
from harness.status.operation import Operation
from harness.trace.entry import Entry
from harness.trace.trace import Trace

Need = Literal["status", "outcome", "truth", "rights", "wire", "retry_policy", "attempts", "progress"]
Level = Literal["must", "should"]

_ID = re.compile(r"(STATUS|RETRY|SAFETY|INDIV|ACQUIRE|REVOKE|BACKUP|RESTORE|EXPECT)-\d{3}|[A-Z]+\.[A-Z]+-\d{3}")


class Ruling(StrEnum):
    """What a check can say. Worst first in ``WORST_FIRST``."""

    PASSED = "pass"
    FAILED = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not applicable"


WORST_FIRST = (Ruling.FAILED, Ruling.INCONCLUSIVE, Ruling.PASSED, Ruling.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check function returns.

    Attributes:
        ruling: Its word.
        expected: What the rule demands here, for people.
        observed: What was seen instead.
        evidence: Places (``Entry.n``) of the entries that prove it.
    """

    ruling: Ruling
    expected: str = ""
    observed: str = ""
    evidence: tuple[int, ...] = ()


def passed(*evidence: Entry) -> Finding:
    """The rule held."""
    return Finding(Ruling.PASSED, evidence=tuple(e.n for e in evidence))


def failed(expected: str, observed: str, *evidence: Entry) -> Finding:
    """The rule was broken: what it demands, what was seen, and where."""
    return Finding(Ruling.FAILED, expected, observed, tuple(e.n for e in evidence))


def not_applicable(why: str) -> Finding:
    """The rule has nothing to say about this trace: its premise did not come up."""
    return Finding(Ruling.NOT_APPLICABLE, observed=why)


def inconclusive(why: str, *evidence: Entry) -> Finding:
    """The rule cannot be decided from this trace."""
    return Finding(Ruling.INCONCLUSIVE, observed=why, evidence=tuple(e.n for e in evidence))


@dataclass(frozen=True, slots=True)
class Check:
    """A registered rule. ``id`` is given once and never used again."""

    id: str
    title: str
    level: Level
    source: str
    needs: frozenset[Need]
    operations: frozenset[Operation]
    rule: Callable[[Trace], Finding]

    @property
    def explanation(self) -> str:
        """The rule's docstring."""
        return (self.rule.__doc__ or "").strip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says of one trace."""

    check: Check
    finding: Finding

    @property
    def ruling(self) -> Ruling:
        """Its word."""
        return self.finding.ruling


CHECKS: Registry[Check] = Registry("check", entry_point_group="drm_harness.checks")


def check(
    id_: str,
    *,
    title: str,
    level: Level = "must",
    source: str,
    needs: set[Need],
    operations: set[Operation] | None = None,
) -> Callable[[Callable[[Trace], Finding]], Callable[[Trace], Finding]]:
    """Register a rule.

    Args:
        id_: ``FAMILY-000``; third parties write ``VENDOR.FAMILY-000``.
        title: The rule as a sentence.
        level: ``must`` breaks a run, ``should`` is only reported.
        source: The clause, thread or reason it rests on.
        needs: What must be visible of a client for the rule to apply.
        operations: Those it applies to; all if absent.

    Raises:
        DeclarationError: The id is malformed or taken, or the function has no docstring.
    """

    def register(rule: Callable[[Trace], Finding]) -> Callable[[Trace], Finding]:
        if not _ID.fullmatch(id_):
            raise DeclarationError(f"check id {id_!r}: write FAMILY-000 with a known family, or VENDOR.FAMILY-000")
        if not rule.__doc__:
            raise DeclarationError(f"check {id_}: {rule.__name__} needs a docstring; `drm-harness explain` prints it")
        CHECKS.add(id_, Check(id_, title, level, source, frozenset(needs), frozenset(operations or Operation), rule))
        return rule

    return register
