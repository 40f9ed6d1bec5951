"""How fast this machine is, measured."""

from __future__ import annotations

import pytest

from harness.world.real_time import MEASURED_S, loopback_latency_s, percentile, real_s


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0, 1.0, 2.0], 0.99, 3.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([7.0], 0.99, 7.0),
        ([float(n) for n in range(1, 201)], 0.99, 198.0),
    ],
)
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_the_latency_of_an_exchange_is_measured_once_a_process() -> None:
    loopback_latency_s.cache_clear()
    began_s = real_s()
    first = loopback_latency_s()
    assert real_s() - began_s >= MEASURED_S
    assert 0 < first < MEASURED_S
    assert loopback_latency_s() == first
    assert loopback_latency_s.cache_info().hits == 1
