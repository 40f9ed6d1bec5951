"""The seeded search: the same seed draws the same, nothing comes twice, and the rare comes early."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from random import Random

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.services.decision import Exchange
from harness.client.reference import ReferenceClient
from harness.explore.arrays import arrayed
from harness.explore.decoder import Menu, decode, menu_for
from harness.explore.feeding import Kept
from harness.explore.generator import Steered, generated
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


def test_in_arrays_of_strength_three_any_three_circumstances_meet() -> None:
    menu = menu_for(ReferenceClient.profile, [Operation.INDIVIDUALIZATION], ["status", "denied", "reset_after"])
    met = {
        (history.user and history.user[-1].after, *(meeting.fault.presents_as() for meeting in history.faults))
        for _, history in arrayed(menu, Random(0), 3)
        if len(history.faults) == 2
    }
    kinds = menu.able(GROUNDS["consented"], Exchange.INDIVIDUALIZATION, 1)
    assert len(kinds) > 2
    assert {(30.0, one, other) for one in kinds for other in kinds} <= met


def test_what_led_somewhere_new_is_followed_up_with_a_few_decisions_changed() -> None:
    kept, (data, before) = Kept(), histories(60)[-1]
    assert next(kept.changed(MENU, Steered(Random(0)), Random(0)), None) is None
    kept.keep(data)
    changed = [history for _, history in islice(kept.changed(MENU, Steered(Random(0)), Random(0)), 100)]
    assert sum(history.ground == before.ground for history in changed) > 50
    assert 2 < len({history.name for history in changed}) < 100
    assert before in changed or any(history.faults == before.faults for history in changed)


def test_feeding_draws_the_same_from_the_same() -> None:
    def drawn() -> list[bytes]:
        kept, found = Kept(), []
        for data, _ in islice(generated(MENU, 5, kept=kept), 200):
            found.append(data)
            if len(found) % 7 == 0:
                kept.keep(data)
        return found

    assert drawn() == drawn()
    assert drawn() != [data for data, _ in histories(200, seed=5)]


def pairs(drawn: list[tuple[bytes, History]]) -> set[tuple[str, str]]:
    """Two faults that meet two attempts in a row."""
    return {(one.fault.name, other.fault.name) for _, history in drawn for one, other in pairwise(history.faults)}
