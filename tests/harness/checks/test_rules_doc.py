"""The table of rules names checks that exist, all fifteen rules, and a reason where no check covers one."""

import re
from pathlib import Path

from harness.checks.registry import CHECKS

TABLE = Path(__file__).resolve().parents[3] / "docs" / "rules.md"
ROWS = re.findall(r"^\| (?!rule )([^|]+) \| ([^|]+) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_rule_has_checks_that_exist_or_says_why_not() -> None:
    assert len(ROWS) == 15
    for rule, checks in ROWS:
        named = re.findall(r"[A-Z]+-\d{3}", checks)
        assert set(named) <= set(CHECKS), rule
        assert named or checks.startswith("none: "), rule


def test_there_are_at_least_forty_eight_checks() -> None:
    assert len(CHECKS) >= 48
