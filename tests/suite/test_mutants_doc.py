"""The matrix of flawed clients and checks is made from the catalogue, and is up to date."""

import pytest

from tests.flawed_clients.catalogue import MUTANTS, Mutant
from tests.generate.mutants_doc import TARGET, text


def test_the_page_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == text(), "run: python -m tests.generate.mutants_doc"


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_a_row_of_the_matrix_marks_each_check_that_fails(mutant: Mutant) -> None:
    row = next(line for line in text().splitlines() if line.startswith(f"{mutant.name} "))
    assert row.count("●") == 1
    assert row.count("○") == len(mutant.and_by)
