"""A duration is written so that it reads back as the very same number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from fake_servers.quantities import Seconds, seconds_text

seconds = TypeAdapter[float](Seconds)


@given(st.floats(0, 1e12, allow_nan=False) | st.integers(0, 100_000).map(lambda ms: ms / 1000))
def test_any_duration_reads_back_as_the_same_number(value: float) -> None:
    assert seconds.validate_python(seconds_text(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 s"),
        (0.04, "40 ms"),
        (0.0005, "0.0005 s"),
        (1e-5, "0.00001 s"),
        (2.0, "2 s"),
        (90.5, "90.5 s"),
        (3600.0, "3600 s"),
    ],
)
def test_a_duration_is_written_the_shortest_way_and_never_with_an_exponent(value: float, text: str) -> None:
    assert seconds_text(value) == text
