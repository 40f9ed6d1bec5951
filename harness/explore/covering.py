"""Covering arrays: few rows in which any ``strength`` columns still show every combination of their values.

In-parameter-order: the first columns stand in full; each further column is filled so that every row covers as many missing
combinations as it can, and what is still missing then is put into free cells or new rows. Value 0 fills what nobody needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

Combination = tuple[tuple[int, int], ...]
"""Columns with their values, by column."""


def covering_array(sizes: Sequence[int], strength: int) -> list[tuple[int, ...]]:
    """Rows that cover every combination of ``strength`` columns.

    Args:
        sizes: How many values each column has, from 0.
        strength: At least 1; with as many columns or fewer, every row there is.

    Raises:
        ValueError: There is no column, a column without a value, or no strength.
    """
    if strength < 1 or not sizes or min(sizes) < 1:
        raise ValueError("a covering array needs a strength, and columns with at least one value each")
    if len(sizes) <= strength:
        return list(product(*map(range, sizes)))
    # the widest first: what is taken in full stays short for the rest
    order = sorted(range(len(sizes)), key=lambda column: -sizes[column])
    rows: list[list[int | None]] = [list(row) for row in product(*(range(sizes[column]) for column in order[:strength]))]
    for place in range(strength, len(sizes)):
        _add_column(rows, [sizes[column] for column in order[: place + 1]], strength)
    back = sorted(range(len(order)), key=order.__getitem__)
    return [tuple(row[place] or 0 for place in back) for row in rows]


def combinations_of(sizes: Sequence[int], strength: int) -> Iterator[Combination]:
    """Every combination that an array of this strength must cover."""
    for columns in combinations(range(len(sizes)), strength):
        for values in product(*(range(sizes[column]) for column in columns)):
            yield tuple(zip(columns, values, strict=True))


def _add_column(rows: list[list[int | None]], sizes: Sequence[int], strength: int) -> None:
    new = len(sizes) - 1
    others = list(combinations(range(new), strength - 1))
    missing = {
        (columns, values, value)
        for columns in others
        for values in product(*(range(sizes[column]) for column in columns))
        for value in range(sizes[new])
    }
    used = [0] * sizes[new]
    for row in rows:
        best, gain = None, 0
        keys = [(columns, tuple(row[column] for column in columns)) for columns in others]
        for value in sorted(range(sizes[new]), key=used.__getitem__):
            covers = sum((columns, values, value) in missing for columns, values in keys)
            if covers > gain:
                best, gain = value, covers
                if gain == len(keys):
                    break
        row.append(best)
        if best is not None:
            used[best] += 1
            missing.difference_update((columns, values, best) for columns, values in keys)
    for columns, values, value in sorted(missing):
        _put(rows, {**dict(zip(columns, values, strict=True)), new: value}, len(sizes))


def _put(rows: list[list[int | None]], wanted: dict[int, int], width: int) -> None:
    """Into the first row whose cells are free where they do not fit already, or into a new one."""
    for row in reversed(rows):
        if all(row[column] in (None, value) for column, value in wanted.items()):
            break
    else:
        row = [None] * width
        rows.append(row)
    for column, value in wanted.items():
        row[column] = value
