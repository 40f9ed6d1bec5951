"""Bytes become scenarios: any bytes do, zeros are plain, and whatever is registered takes part."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.faults.base import FAULTS, ByteFault, ByteStream, Presentation, Reset, fault
from fake_servers.faults.bytes.prefix import Prefix
from fake_servers.given import Given
from fake_servers.registry import Registry
from fake_servers.services.decision import Exchange
from harness.client.reference import ReferenceClient
from harness.explore.decisions import ends_of
from harness.explore.decoder import Menu, Weather, decode, decoded, encode, menu_for
from harness.explore.grounds import GROUNDS, ground
from harness.explore.histories import example_faults, space_of
from harness.explore.shrinking import is_sound
from harness.operations.catalogue import OPERATIONS
from harness.scenario.load import read_scenario
from harness.scenario.write import scenario_text
from harness.status.operation import Operation

MENU = menu_for(ReferenceClient.profile)


def drawn(menu: Menu = MENU, *, seed: int = 1, number: int = 600) -> Iterator[bytes]:
    chance = Random(seed)
    return (chance.randbytes(chance.randrange(40)) for _ in range(number))


def test_no_bytes_at_all_are_a_scenario_in_which_nothing_goes_wrong() -> None:
    history = decode(MENU, b"")
    assert (history.faults, history.user, history.twist.name) == ((), None, "as usual")
    assert decode(MENU, bytes(50)) == history


def test_every_scenario_is_sound() -> None:
    assert all(is_sound(decoded(MENU, data)) for data in drawn())


def test_every_scenario_reads_back_from_its_file() -> None:
    for data in drawn(number=60):
        scenario = decoded(MENU, data)
        assert read_scenario(scenario_text(scenario), name=scenario.name) == scenario


def test_all_that_is_registered_comes_up() -> None:
    histories = [decode(MENU, data) for data in drawn(number=4_000)]
    assert {history.ground.name for history in histories} == set(GROUNDS)
    assert {meeting.fault.name for history in histories for meeting in history.faults} == set(FAULTS)
    twists = {(history.ground.name, history.twist.name) for history in histories}
    assert twists == {(each.name, name) for each in GROUNDS.values() for name in ("as usual", *(t.name for t in each.twists))}
    deeds = {action.do for history in histories for action in history.user or ()}
    assert deeds == {"retry", "cancel", "consent", "refuse", "overwrite", "keep", "complete_page"}


def test_every_weather_comes_up_and_calm_is_the_zero_byte() -> None:
    assert next(iter(Weather)) is Weather.CALM
    lengths = {len(history.faults) for history in (decode(MENU, data) for data in drawn(number=2_000))}
    assert {0, 1, 2, 3, 4, 5} <= lengths


def test_a_user_stops_only_where_the_operations_table_lets_one_stop() -> None:
    for data in drawn(number=2_000):
        history = decode(MENU, data)
        may = {row.source for row in OPERATIONS[history.ground.operation].rows if row.trigger == "cancel"}
        said = {row.says for row in OPERATIONS[history.ground.operation].rows if row.destination in may}
        cancels = [action for action in history.user or () if action.do == "cancel" and action.when is not None]
        assert all(action.when in said for action in cancels)


@pytest.mark.parametrize("name", ["silent", "with a page", "by order"])
def test_every_enumerated_sequence_is_bytes_of_the_same_decoder(name: str) -> None:
    space = space_of(GROUNDS[name], example_faults(["status", "reset_after", "refused", "denied"]), 2)
    for history in space.histories(most=200, strength=2):
        assert decode(MENU, encode(MENU, history)) == history


def test_what_is_not_on_the_menu_has_no_bytes() -> None:
    history = space_of(GROUNDS["silent"], example_faults(["status"]), 1).history([1])
    with pytest.raises(ValueError, match="no bytes stand for 'license 1 status'"):
        encode(menu_for(ReferenceClient.profile, faults=["denied"]), history)


@pytest.mark.parametrize("weights", [(1,), (1, 1), (6, 1, 1), (1,) * 128, (3,) * 300, (1_000_000, 1)])
def test_every_option_has_a_number_of_its_own(weights: tuple[int, ...]) -> None:
    ends = ends_of(weights)
    assert list(ends) == sorted(set(ends))
    assert ends[-1] == (256 if len(weights) <= 128 else 65_536)


# ── third parties ────────────────────────────────────────────────────────────────────────────────────────────────────


class Announced:
    """An entry point, as a third party's package announces one."""

    name = "acme"

    def __init__(self, loads: object) -> None:
        self.load = loads


@pytest.fixture
def third_party(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with a fault and a ground of its own is installed, and nobody has looked yet."""

    def fault_of_acme() -> None:
        @fault("acme_hiccup")
        class Hiccup(ByteFault):
            """The line hiccups after ten bytes."""

            def stream(self, rng: Random) -> ByteStream:
                return Prefix(10, Reset())

            def presents_as(self) -> Presentation:
                return Presentation.CONNECTION_LOST

    def ground_of_acme() -> None:
        ground("acme set-top box", Operation.LICENSE_ACQUISITION, (Exchange.LICENSE,), Given(licenses=("film",)))

    announced = {"drm_harness.faults": fault_of_acme, "drm_harness.grounds": ground_of_acme}
    monkeypatch.setattr("fake_servers.registry.entry_points", lambda group: [Announced(announced[group])])
    registries: list[Registry[object]] = [FAULTS, GROUNDS]  # type: ignore[list-item]  # whatever they hold
    for registry in registries:
        monkeypatch.setattr(registry, "_items", dict(registry._items))
        monkeypatch.setattr(registry, "_joined", False)


@pytest.mark.usefixtures("third_party")
def test_a_third_partys_fault_and_ground_take_part_without_further_code() -> None:
    menu = menu_for(ReferenceClient.profile)
    histories = [decode(menu, data) for data in drawn(menu, number=3_000)]
    assert "acme_hiccup" in {meeting.fault.name for history in histories for meeting in history.faults}
    assert "acme set-top box" in {history.ground.name for history in histories}
