"""A state file: what of it survives, which files are refused in which words, and what happens when it takes nothing more."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fake_servers.errors import StateError
from fake_servers.given import Given
from fake_servers.records import Right
from fake_servers.services.decision import Answer, Exchange
from fake_servers.state import words
from fake_servers.state.file import APPLICATION, FORMAT, StateFile, Survives
from tests.fake_servers.state.filed import ask, limit_pages, opened, store_in

CHANGES: dict[Exchange, dict[str, Any]] = {
    Exchange.LICENSE: {},  # opens a page
    Exchange.REVOCATION: {"contents": ()},
    Exchange.BACKUP: {"licenses": ("a",)},
    Exchange.RESTORE: {"licenses": ("a",)},
    Exchange.INDIVIDUALIZATION: {},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


# ── what survives ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("survives", Survives)
def test_what_was_answered_is_there_when_the_file_is_opened_again(path: Path, survives: Survives) -> None:
    with StateFile(path, survives=survives) as file:
        store = store_in(file)
        for number in range(3):
            assert ask(store, number, idempotency_key=f"{number}") is Answer.GRANTED
        truth = store.truth()
    with opened(path) as file:
        store = store_in(file)
        assert store.truth() == truth
        assert ask(store, 1, idempotency_key="1") is Answer.GRANTED  # as it was told before
        assert ask(store, 1, idempotency_key="new") is Answer.STALE_NONCE


def test_whoever_survives_a_loss_of_power_waits_for_the_disk(path: Path) -> None:
    for survives, synchronous in ((Survives.POWER_LOSS, 2), (Survives.KILL, 1)):
        with StateFile(path, survives=survives) as file:
            assert file._database.execute("PRAGMA synchronous").fetchone() == (synchronous,)
            assert file._database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_sessions_in_one_file_know_nothing_of_each_other(path: Path) -> None:
    with opened(path) as file:
        phone, tv = store_in(file, "phone"), store_in(file, "tv")
        ask(phone, 1)
        assert ask(tv, 1) is Answer.GRANTED
        file.forget("phone")
        assert store_in(file, "phone").truth()["nonces"] == []
        assert store_in(file, "tv").truth()["nonces"] == [["device-1", "1"]]


def test_the_order_in_which_things_are_forgotten_survives_too(path: Path) -> None:
    with opened(path, most=3) as file:
        for number in range(5):
            ask(store_in(file), number)
        store = store_in(file)
        assert list(store.truth()["devices"]) == ["device-2", "device-3", "device-4"]
        assert store.forgotten == 4  # two devices, two nonces
        ask(store, 5)
        assert list(store_in(file).truth()["devices"]) == ["device-3", "device-4", "device-5"]


def test_a_session_begun_anew_knows_what_is_given_and_no_more(path: Path) -> None:
    with opened(path, most=1) as file:
        for number in range(3):
            ask(store_in(file), number)
        store_in(file, given=Given(licenses=("a",)), anew=True)
        store = store_in(file, given=Given(licenses=("a",)))
        assert (store.truth()["devices"], store.forgotten) == ({}, 0)
        assert store.right_to("phone", "a") is Right.HELD


def test_a_page_of_an_earlier_day_is_not_taken_for_one_of_today(path: Path) -> None:
    given = Given(silent=False)
    with opened(path) as file:
        for number in range(3):  # each day draws its tokens from the beginning
            assert ask(store_in(file, given=given), number) is Answer.PAGE_REQUIRED
        assert len(store_in(file, given=given).truth()["pages"]) == 3


def test_a_component_is_remembered_without_its_bytes(path: Path) -> None:
    with opened(path) as file:
        assert ask(store_in(file), 1, Exchange.INDIVIDUALIZATION, idempotency_key="i") is Answer.INDIVIDUALIZED
        (kept,) = [value for kind, _, value in file.read("phone")[1] if kind == "idempotency_key"]
        assert len(kept) < 1000


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


def refusal(path: Path) -> str:
    with pytest.raises(StateError) as refused:
        StateFile(path)
    assert str(refused.value) == f"{refused.value.what}: {refused.value.to_do}"
    assert str(path) in refused.value.what
    return str(refused.value)


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("To whom it may concern. " * 100)
    assert "is no database: name another file" in refusal(path)
    assert path.read_text().startswith("To whom")


def test_a_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE shopping (item TEXT)")
    before = path.read_bytes()
    assert "is a database of another program" in refusal(path)
    assert path.read_bytes() == before


def test_a_file_of_a_newer_version_is_refused_with_both_versions(path: Path) -> None:
    with opened(path) as file:
        file._database.execute(f"PRAGMA user_version = {FORMAT + 1}")
    assert f"by a newer drm-harness (its format is {FORMAT + 1}, and this one reads up to {FORMAT})" in refusal(path)


def test_a_file_that_another_server_has_is_refused(path: Path) -> None:
    with opened(path) as file:
        assert "is in use by another server: stop that one" in refusal(path)
        assert ask(store_in(file), 1) is Answer.GRANTED
    opened(path).close()


def test_a_folder_or_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "for that is a folder" in refusal(tmp_path)
    assert f"for there is no folder {tmp_path / 'not'}" in refusal(tmp_path / "not" / "state.db")


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="only Linux has a folder where not even root may write")
def test_a_folder_where_nobody_may_write_is_refused() -> None:
    assert "cannot be opened: let this user write the file and its folder" in refusal(Path("/proc/self/state.db"))


def test_a_file_that_may_only_be_read_is_refused(path: Path) -> None:
    opened(path).close()
    reader = closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True))  # as if one might not write; root may write anything
    with reader as database, pytest.raises(sqlite3.OperationalError) as raised:
        database.execute("PRAGMA user_version = 7")
    assert "cannot be written: let this user write the file and its folder" in str(words.failure(path, raised.value))


def test_a_damaged_file_is_refused(path: Path) -> None:
    with opened(path) as file:
        ask(store_in(file), 1)
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(StateError, match="is damaged: put a copy in its place"), opened(path) as file:
        store_in(file)


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE record SET value = '{}'",
        "UPDATE record SET key = 'no JSON'",
        "UPDATE record SET kind = 'unheard of'",
        "UPDATE session SET given = '{\"unheard\": 1}'",
    ],
)
def test_records_that_cannot_be_read_are_refused(path: Path, spoil: str) -> None:
    with opened(path) as file:
        ask(store_in(file), 1)
        file._database.execute(spoil)
        with pytest.raises(StateError, match="holds of session 'phone' what this drm-harness cannot read"):
            store_in(file)


def test_a_session_that_began_otherwise_is_not_mistaken_for_this_one(path: Path) -> None:
    with opened(path) as file:
        ask(store_in(file), 1)
        with pytest.raises(StateError, match="a session 'phone' that began with another 'given': open it as it began"):
            store_in(file, given=Given(silent=False))
        assert store_in(file).truth()["nonces"]


def test_the_file_says_whose_it_is(path: Path) -> None:
    opened(path).close()
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert reader.execute("PRAGMA user_version").fetchone() == (FORMAT,)


# ── a full disk ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_full_disk_does_not_take_has_not_happened_and_goes_on_once_there_is_room(path: Path) -> None:
    told: list[Any] = []
    with opened(path) as file:
        store = store_in(file, given=Given(licenses=("film",)), told=told)
        limit_pages(file, 3)
        answered, said = 0, ""
        while not said and answered < 1000:
            try:
                ask(store, answered, idempotency_key=f"{answered}")
                answered += 1
            except StateError as full:
                said = str(full)
        assert "takes nothing more, for the disk is full: make room" in said
        assert answered > 0
        truth = store.truth()
        assert len(truth["nonces"]) == len(truth["idempotency_keys"]) == len(truth["devices"]) == len(told) == answered
        assert store_in(file, given=Given(licenses=("film",))).truth() == truth
        limit_pages(file, None)
        assert ask(store, answered, idempotency_key=f"{answered}") is Answer.GRANTED
        assert len(told) == answered + 1
        assert store_in(file, given=Given(licenses=("film",))).truth() == store.truth()


def test_what_is_taken_back_is_as_it_was_to_the_last_detail(path: Path) -> None:
    given = Given(silent=False, licenses=("a", "b"), backup=("a", "b"))
    too_long = dict.fromkeys(("device", "computer", "idempotency_key", "nonce"), "x" * 20000)  # for the pages that are there
    with opened(path, most=2) as file:
        store = store_in(file, given=given)
        for number in range(2):
            for exchange, fields in CHANGES.items():
                ask(store, number, exchange, **fields, idempotency_key=exchange.value, computer=f"of {number}")
        truth, forgotten = store.truth(), store.forgotten
        limit_pages(file, 0)
        for exchange, fields in CHANGES.items():
            with pytest.raises(StateError):
                ask(store, 9, exchange, **fields, **too_long)
        assert (store.truth(), store.forgotten) == (truth, forgotten)
        limit_pages(file, None)
        for number in range(2, 4):  # the oldest is still the oldest, and each is found by what it is for
            for exchange, fields in CHANGES.items():
                ask(store, number, exchange, **fields, computer="mine")
        again = store_in(file, given=given)
        assert again.truth() == store.truth()
        assert list(again.truth()["devices"]) == ["device-2", "device-3"]
