"""Covering arrays cover: every combination of so many columns stands in some row."""

from itertools import combinations, product

import pytest

from harness.explore.covering import combinations_of, covering_array

SIZES = ([3, 3, 3, 3], [2, 5, 3, 4, 2], [7, 1, 6, 2], [4] * 7, [1, 1, 1], [9, 8])


@pytest.mark.parametrize("strength", [1, 2, 3])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_every_combination_stands_in_some_row(sizes: list[int], strength: int) -> None:
    rows = covering_array(sizes, strength)
    seen = {
        tuple((column, row[column]) for column in columns)
        for row in rows
        for columns in combinations(range(len(sizes)), min(strength, len(sizes)))
    }
    assert set(combinations_of(sizes, min(strength, len(sizes)))) <= seen
    assert all(0 <= value < size for row in rows for value, size in zip(row, sizes, strict=True))


def test_it_has_few_rows() -> None:
    assert len(covering_array([10] * 8, 2)) < 1.8 * 10 * 10
    assert len(covering_array([5] * 6, 3)) < 2.2 * 5**3


def test_columns_no_more_than_the_strength_stand_in_full() -> None:
    assert covering_array([2, 3], 2) == list(product(range(2), range(3)))


def test_the_same_sizes_give_the_same_rows() -> None:
    assert covering_array([4, 6, 5, 3], 2) == covering_array([4, 6, 5, 3], 2)


@pytest.mark.parametrize(("sizes", "strength"), [([], 2), ([3, 0], 2), ([3, 3], 0)])
def test_what_makes_no_array_is_refused(sizes: list[int], strength: int) -> None:
    with pytest.raises(ValueError, match="covering array"):
        covering_array(sizes, strength)
