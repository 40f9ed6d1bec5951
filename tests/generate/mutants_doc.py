"""Makes ``docs/mutants.md``, flawed clients against checks: ``python -m tests.generate.mutants_doc [--check]``.

Written from the catalogue alone. That the catalogue is true is for ``tests/suite/test_flawed_clients.py`` to show.
"""

from __future__ import annotations

import sys

from harness.checks.registry import CHECKS
from tests.flawed_clients.catalogue import MUTANTS, Mutant
from tests.generate.page import ROOT, page, table, write_or_check

TARGET = ROOT / "docs" / "mutants.md"

INTRODUCTION = f"""\
# Flawed clients, and the checks that catch them

<!-- Made by `python -m tests.generate.mutants_doc`; change tests/flawed_clients/catalogue.py instead. -->

How do we know that a check can fail? Each of the {len(MUTANTS)} clients below is the reference client with one decision
changed. Played through every scenario of the library, it fails exactly the checks that are named here: a check that stays
silent breaks the build, and so does one that accuses beyond its subject. Correct clients of different design fail none at all
([tests/correct_clients](../tests/correct_clients)). {sum(bool(mutant.needs) for mutant in MUTANTS)} of them, marked ², show
only where two particular things come together."""

LEGEND = """\
**●** names the bug; **○** fails too, because of what the bug leads to. Every check of the house has a ● somewhere. An empty
place is a promise as well: that check says nothing against this client in any scenario. The second line has the last digit of
each check's number."""


def text() -> str:
    """The whole page."""
    return page(INTRODUCTION, "## By client", _clients(), "## By check", _checks(), "## All against all", LEGEND, _matrix())


def _clients() -> str:
    return table(("flawed client", "its bug", "caught by", "and, as a consequence, by"), map(_client, MUTANTS))


def _client(mutant: Mutant) -> tuple[str, ...]:
    also = f"{', '.join(mutant.and_by)}: {mutant.because}" if mutant.and_by else "–"
    needs = f" ² Needs {' and '.join(mutant.needs)}." if mutant.needs else ""
    return (_link(mutant), f"{mutant.bug}{needs}", mutant.caught_by, also)


def _checks() -> str:
    return table(("check", "its rule", "proved by"), ((check.id, check.title, _proofs(check.id)) for check in CHECKS.values()))


def _proofs(check: str) -> str:
    return ", ".join(_link(mutant) for mutant in MUTANTS if mutant.caught_by == check)


def _matrix() -> str:
    """A fixed-width figure, one character a check: no Markdown table has room for so many columns."""
    families: dict[str, list[str]] = {}
    for check in CHECKS:
        families.setdefault(check.partition("-")[0], []).append(check)
    rows = [("", {family: family for family in families})]
    rows.append(("", {family: "".join(check[-1] for check in checks) for family, checks in families.items()}))
    rows += (
        (mutant.name, {family: "".join(_cell(mutant, check) for check in checks) for family, checks in families.items()})
        for mutant in MUTANTS
    )
    return "\n".join(["```text", *(_row(name, cells, families) for name, cells in rows), "```"])


def _row(name: str, cells: dict[str, str], families: dict[str, list[str]]) -> str:
    first = name.ljust(max(len(mutant.name) for mutant in MUTANTS))
    return "  ".join([first, *(cells[f].ljust(max(len(f), len(checks))) for f, checks in families.items())]).rstrip()


def _cell(mutant: Mutant, check: str) -> str:
    if check == mutant.caught_by:
        return "●"
    return "○" if check in mutant.and_by else "·"


def _link(mutant: Mutant) -> str:
    return f"[{mutant.name}](../tests/flawed_clients/{mutant.name}.py)"


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, text(), "tests.generate.mutants_doc", sys.argv[1:]))
