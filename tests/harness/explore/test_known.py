"""Known failures are kept as texts, in any database of Hypothesis's; one that fails ends no search."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis.database import ExampleDatabase, InMemoryExampleDatabase

from harness.explore.known import Known
from harness.scenario.library import find
from harness.scenario.load import load_scenario

PORTAL, TUNNELS = (
    load_scenario(find([f"license_acquisition/{name}"])[0]).model_copy(update={"name": "unnamed"})
    for name in ("captive_portal", "renewal_in_tunnels")
)


def test_what_was_kept_is_known_by_whoever_asks_next_and_forgotten_on_demand() -> None:
    database = InMemoryExampleDatabase()
    Known(database, "player").keep(PORTAL)
    Known(database, "player").keep(TUNNELS)
    again = Known(database, "player")
    assert sorted(again.scenarios(), key=str) == sorted([PORTAL, TUNNELS], key=str)
    again.forget(TUNNELS)
    assert Known(database, "player").scenarios() == [PORTAL]


def test_clients_know_nothing_of_each_others_failures() -> None:
    database = InMemoryExampleDatabase()
    Known(database, "player").keep(PORTAL)
    assert Known(database, "other").scenarios() == []


def test_the_order_depends_on_the_texts_alone() -> None:
    one, other = InMemoryExampleDatabase(), InMemoryExampleDatabase()
    for scenario in (PORTAL, TUNNELS):
        Known(one, "player").keep(scenario)
    for scenario in (TUNNELS, PORTAL):
        Known(other, "player").keep(scenario)
    assert Known(one, "player").scenarios() == Known(other, "player").scenarios()


def test_what_another_version_wrote_is_counted_and_left_alone() -> None:
    database = InMemoryExampleDatabase()
    key = b"drm-harness explore: player"
    database.save(key, b"about: From the year after next.\noperation: teleport\n")
    known = Known(database, "player")
    assert known.scenarios() == []
    assert known.unreadable == 1
    assert len(list(database.fetch(key))) == 1


class Full(ExampleDatabase):
    """Nothing can be done with it."""

    def fetch(self, key: bytes) -> Iterable[bytes]:
        raise OSError("no space left on device")

    def save(self, key: bytes, value: bytes) -> None:
        raise OSError("no space left on device")

    delete = save


def test_a_database_that_fails_is_told_of_and_ends_nothing() -> None:
    known = Known(Full(), "player")
    assert known.scenarios() == []
    known.keep(PORTAL)
    known.forget(PORTAL)
    assert known.trouble == "no space left on device"
