"""The seeded search: the same seed draws the same, nothing comes twice, and the rare comes early."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from random import Random

import fake_servers.faults  # noqa: F401  # registers the house's faults
from harness.client.reference import ReferenceClient
from harness.explore.arrays import arrayed
from harness.explore.decoder import Menu, decode, menu_for
from harness.explore.generator import generated
from harness.explore.grounds import GROUNDS
from harness.explore.histories import History
from harness.status.operation import Operation

MENU = menu_for(ReferenceClient.profile)


def histories(number: int, seed: int = 0, *, steered: bool = True) -> list[tuple[bytes, History]]:
    return list(islice(generated(MENU, seed, steered=steered), number))


def test_the_same_seed_draws_the_same_and_another_seed_does_not() -> None:
    assert histories(300) == histories(300)
    assert histories(300) != histories(300, seed=1)


def test_nothing_comes_twice() -> None:
    data = [each for each, _ in histories(1_500)]
    assert len(set(data)) == len(data)


def test_the_bytes_stand_for_the_history_whatever_drew_it() -> None:
    for data, history in histories(400) + histories(200, steered=False):
        assert decode(MENU, data) == history


def test_steering_reaches_more_pairs_of_faults_than_chance() -> None:
    assert len(pairs(histories(1_000))) > 1.2 * len(pairs(histories(1_000, steered=False)))


def test_it_ends_where_there_is_nothing_new_to_draw() -> None:
    menu = Menu((GROUNDS["to a folder"],), ("status",), ReferenceClient.profile)
    assert 100 < len(list(generated(menu, 0))) < 1_500


def test_in_the_arrays_any_two_circumstances_of_a_ground_meet() -> None:
    menu = menu_for(ReferenceClient.profile, [Operation.LICENSE_REVOCATION], ["status", "denied", "reset_after", "refused"])
    met = Counter(
        (history.twist.name, meeting.exchange, meeting.attempt, meeting.fault.name)
        for _, history in arrayed(menu, Random(0))
        for meeting in history.faults
        if history.ground.name == "by order"
    )
    twists = ("as usual", "one of two", "DRM is absent")
    expected = {(twist, "acknowledgement", n, name) for twist in twists for n in (1, 2) for name in ("status", "reset_after")}
    assert expected <= set(met)


def pairs(drawn: list[tuple[bytes, History]]) -> set[tuple[str, str]]:
    """Two faults that meet two attempts in a row."""
    return {(one.fault.name, other.fault.name) for _, history in drawn for one, other in pairwise(history.faults)}
