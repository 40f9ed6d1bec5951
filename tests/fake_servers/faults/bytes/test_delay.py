"""delay: one wait before the first byte; its jitter comes from the seed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fake_servers.faults.base import Presentation, Send, Wait
from fake_servers.faults.bytes import Delay
from tests.fake_servers.faults.streams import CHUNKINGS, REPLY, chunked, outline, play, sent


def wait_of(fault: Delay, seed: int) -> float:
    first = play(fault, [REPLY], seed)[0]
    assert isinstance(first, Wait)
    return first.seconds


@pytest.mark.parametrize("chunks", CHUNKINGS)
def test_the_wait_comes_once_before_the_first_byte(chunks: list[bytes]) -> None:
    actions = play(Delay(delay="800 ms"), chunks)
    assert actions == [Wait(0.8), *map(Send, chunks)]


@settings(deadline=None)  # other work on the machine is no failure
@given(data=st.data())
def test_all_bytes_arrive_whatever_the_chunking(data: st.DataObject) -> None:
    actions = play(Delay(delay="1 s"), data.draw(chunked(REPLY)))
    assert sent(actions) == REPLY
    assert outline(actions) == [Wait(1.0), len(REPLY)]


def test_jitter_adds_to_the_delay_within_its_bound_and_varies_with_the_seed() -> None:
    fault = Delay(delay="1 s", jitter="500 ms")
    waits = [wait_of(fault, seed) for seed in range(50)]
    assert all(1.0 <= wait <= 1.5 for wait in waits)
    assert max(waits) - min(waits) > 0.3, "fifty draws of an even spread over 0.5 s lie further apart than this"


def test_one_seed_makes_one_delay() -> None:
    fault = Delay(delay="1 s", jitter="500 ms")
    assert wait_of(fault, 7) == wait_of(fault, 7)


@pytest.mark.parametrize(("delay", "presentation"), [("29 s", Presentation.SLOW), ("1 min", Presentation.SILENCE)])
def test_a_delay_longer_than_clients_wait_presents_as_silence(delay: str, presentation: Presentation) -> None:
    assert Delay(delay=delay).presents_as() is presentation


def test_jitter_alone_is_a_delay() -> None:
    assert 0 < wait_of(Delay(delay="0 s", jitter="1 s"), 7) <= 1


def test_a_delay_of_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="changes nothing; give 'delay' or 'jitter' more than 0 s"):
        Delay(delay="0 s")


@pytest.mark.parametrize(
    ("distribution", "median"), [("uniform", 1.25), ("normal", 1.0), ("lognormal", 1.5), ("pareto", 1.2937)]
)
def test_half_of_all_delays_lie_beyond_the_median_of_their_distribution(distribution: str, median: float) -> None:
    fault = Delay.model_validate({"delay": "1 s", "jitter": "500 ms", "distribution": distribution})
    waits = [wait_of(fault, seed) for seed in range(2_000)]
    assert 900 < sum(wait > median for wait in waits) < 1_100, "two thousand fair coins stray no further"


def test_a_normal_delay_varies_on_both_sides_and_is_never_negative() -> None:
    fault = Delay(delay="1 s", jitter="1 s", distribution="normal")
    waits = [wait_of(fault, seed) for seed in range(500)]
    assert min(waits) == 0.0
    assert max(waits) > 2.5


def test_a_pareto_delay_is_rarely_and_then_very_late_and_never_beyond_its_bound() -> None:
    fault = Delay(delay="0 s", jitter="100 ms", distribution="pareto", at_most="3 s")
    waits = sorted(wait_of(fault, seed) for seed in range(2_000))
    assert waits[1_000] < 0.1
    assert waits[-1] == 3.0


def test_a_bound_below_the_delay_is_refused() -> None:
    with pytest.raises(ValidationError, match="'at_most' is less than 'delay'"):
        Delay(delay="2 s", at_most="1 s")
