"""The vault, and the rules by which a service counts restores."""

import pytest
from hypothesis import given as with_values
from hypothesis import settings
from hypothesis import strategies as st

from fake_servers.given import Given
from fake_servers.services.backup_restore import DISTRIBUTOR
from fake_servers.services.decision import Answer, Decision, Exchange
from tests.fake_servers.services.services import Services

BACKUP, RESTORE = Exchange.BACKUP, Exchange.RESTORE


def restore(services: Services, computer: str, **request: object) -> Decision:
    return services.ask(RESTORE, computer=computer, **request)


def test_the_vault_keeps_what_may_be_kept_and_names_the_rest() -> None:
    services = Services(Given(licenses=("a", "b"), restricted=("b",), content="film"))
    decision = services.ask(BACKUP, licenses=("a", "b", "film"), idempotency_key="k")
    assert (decision.answer, decision.contents) == (Answer.BACKUP_STORED, ("b", "film"))
    assert services.store.backup_of("device-1") == ("a",)
    assert services.changes == [("backup", "backup_stored", {"device": "device-1", "contents": ["a"]})]


def test_a_backup_of_nothing_is_refused() -> None:
    services = Services(Given(licenses=("a",), restricted=("a",)))
    assert services.ask(BACKUP, licenses=("a",)).answer is Answer.DENIED
    assert services.ask(BACKUP).answer is Answer.MALFORMED
    assert services.changes == []


def test_what_the_vault_keeps_can_be_restored_without_naming_it() -> None:
    services = Services(Given(licenses=("a", "b")))
    services.ask(BACKUP, licenses=("b",), idempotency_key="k")
    assert [license_.content for license_ in restore(services, "c-1").licenses] == ["b"]


def test_a_restore_takes_what_the_backup_in_hand_names() -> None:
    services = Services(Given(backup=("a", "b")))
    assert [license_.content for license_ in restore(services, "c-1", licenses=("b",)).licenses] == ["b"]


def test_what_cannot_be_reissued_stays_out_and_is_named() -> None:
    services = Services(Given(backup=("a", "b"), unrestorable=("b",)))
    decision = restore(services, "c-1", licenses=("a", "b", "unheard of"))
    assert decision.answer is Answer.RESTORED
    assert [license_.content for license_ in decision.licenses] == ["a"]
    assert decision.contents == ("b", "unheard of")


@pytest.mark.parametrize("given", [Given(), Given(backup=()), Given(backup=("a",), unrestorable=("a",))])
def test_there_may_be_nothing_to_restore(given: Given) -> None:
    services = Services(given)
    assert restore(services, "c-1").answer is Answer.NOTHING_TO_RESTORE
    assert services.changes == []


def test_a_restore_must_say_for_which_computer() -> None:
    assert restore(Services(Given(backup=("a",))), "").answer is Answer.MALFORMED


def test_a_new_computer_past_the_limit_is_sent_to_the_distributor_and_nothing_is_counted() -> None:
    services = Services(Given(backup=("a",), restored_to=("c-1", "c-2"), restore_limit=2))
    decision = restore(services, "c-3")
    assert (decision.answer, decision.contents) == (Answer.RESTORE_LIMIT, ("a",))
    assert decision.url == f"http://pages/{DISTRIBUTOR}"
    assert services.changes == []


def test_a_computer_that_was_restored_to_before_is_welcome_at_the_limit_and_raises_no_count() -> None:
    services = Services(Given(backup=("a",), restored_to=("c-1", "c-2"), restore_limit=2))
    assert restore(services, "c-2").answer is Answer.RESTORED
    data = {"device": "device-1", "content": "a", "computer": "c-2", "restores": 2}
    assert services.changes == [("backup", "license_restored", data)]


def test_one_license_past_its_limit_refuses_the_whole_restore() -> None:
    services = Services(Given(backup=("a", "b"), restore_limit=1))
    restore(services, "c-1", licenses=("a",))
    assert restore(services, "c-2").answer is Answer.RESTORE_LIMIT
    assert services.store.computers_of("b") == frozenset()


def test_the_same_key_brings_the_same_licenses_and_is_not_counted_twice() -> None:
    services = Services(Given(backup=("a",)))
    first = restore(services, "c-1", idempotency_key="k")
    assert restore(services, "c-1", idempotency_key="k") == first
    assert services.happened == ["license_restored"]
    assert restore(services, "c-2", idempotency_key="k").answer is Answer.MALFORMED
    assert services.store.computers_of("a") == {"c-1"}


computers = st.sampled_from(["c-1", "c-2", "c-3", "c-4", "c-5"])


@settings(max_examples=100, deadline=None)
@with_values(
    before=st.lists(computers, max_size=2),
    limit=st.integers(2, 4),
    restores=st.lists(st.tuples(computers, st.sampled_from([("a",), ("b",), ("a", "b")])), max_size=12),
)
def test_the_count_is_the_number_of_distinct_computers_and_never_passes_the_limit(
    before: list[str], limit: int, restores: list[tuple[str, tuple[str, ...]]]
) -> None:
    services = Services(Given(backup=("a", "b"), restored_to=tuple(before), restore_limit=limit))
    expected = {"a": set(before), "b": set(before)}
    for computer, contents in restores:
        fits = all(len(expected[content] | {computer}) <= limit for content in contents)
        assert restore(services, computer, licenses=contents).answer is (Answer.RESTORED if fits else Answer.RESTORE_LIMIT)
        for content in contents if fits else ():
            expected[content].add(computer)
            assert services.changes[-len(contents) + contents.index(content)][2]["restores"] == len(expected[content])
    for content, to in expected.items():
        assert services.store.computers_of(content) == to
        assert len(to) <= limit
