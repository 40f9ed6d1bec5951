"""Individualization: a component for whoever asks, once per idempotency key."""

from dataclasses import replace

import pytest

from fake_servers.given import Given
from fake_servers.services.decision import Answer, Exchange
from fake_servers.services.individualization import PACKAGE_BYTES, version_order
from tests.fake_servers.services.services import DAY_S, Services

INDIVIDUALIZATION, LICENSE, RESTORE = Exchange.INDIVIDUALIZATION, Exchange.LICENSE, Exchange.RESTORE


def test_a_device_gets_a_component_of_its_own_and_the_store_knows() -> None:
    services = Services(Given(individualized=False))
    one = services.ask(INDIVIDUALIZATION, device="one", client_version="", idempotency_key="k")
    two = services.ask(INDIVIDUALIZATION, device="two", client_version="", idempotency_key="k")
    assert (one.answer, one.client_version, len(one.package)) == (Answer.INDIVIDUALIZED, "2.2", PACKAGE_BYTES)
    assert one.package != two.package
    assert services.store.version_of("one") == "2.2"
    assert services.happened == ["individualized", "individualized"]


def test_the_same_key_brings_the_same_component_and_changes_nothing() -> None:
    services = Services(Given(individualized=False))
    first = services.ask(INDIVIDUALIZATION, client_version="", idempotency_key="k")
    assert services.ask(INDIVIDUALIZATION, client_version="", idempotency_key="k") == first
    assert services.happened == ["individualized"]


def test_another_key_counts_as_another_component_of_the_day() -> None:
    services = Services(Given(individualized=False))
    for key in "abc":
        services.ask(INDIVIDUALIZATION, client_version="", idempotency_key=key)
    services.clock.now_s += DAY_S
    services.ask(INDIVIDUALIZATION, client_version="", idempotency_key="d")
    counts = [(data["handed_out"], data["handed_out_today"]) for _, _, data in services.changes]
    assert counts == [(1, 1), (2, 2), (3, 3), (4, 1)]


def test_the_same_key_with_another_request_is_refused_and_changes_nothing() -> None:
    services = Services(Given(individualized=False))
    services.ask(INDIVIDUALIZATION, client_version="", idempotency_key="k")
    decision = services.ask(INDIVIDUALIZATION, client_version="2.1", idempotency_key="k")
    assert decision.answer is Answer.MALFORMED
    assert "idempotency key" in decision.text
    assert services.happened == ["individualized"]


def test_a_key_belongs_to_its_device() -> None:
    services = Services(Given(individualized=False))
    services.ask(INDIVIDUALIZATION, device="one", client_version="", idempotency_key="k")
    assert services.ask(INDIVIDUALIZATION, device="two", client_version="", idempotency_key="k").answer is Answer.INDIVIDUALIZED


@pytest.mark.parametrize(
    ("individualized", "claimed", "answer"),
    [
        (True, "2.2", Answer.GRANTED),
        (True, "2.2.0.1", Answer.GRANTED),  # the header names two parts of a version
        (True, "2.1", Answer.NEEDS_INDIVIDUALIZATION),
        (True, "", Answer.NEEDS_INDIVIDUALIZATION),  # it was handed out, and the reply was lost
        (True, "no version", Answer.NEEDS_INDIVIDUALIZATION),
        (False, "2.2", Answer.NEEDS_INDIVIDUALIZATION),  # nobody ever gave it one
    ],
)
def test_a_license_asks_for_a_component_that_was_handed_out_and_is_there(
    individualized: bool, claimed: str, answer: Answer
) -> None:
    services = Services(Given(individualized=individualized))
    assert services.ask(LICENSE, client_version=claimed, contents=("film",)).answer is answer


def test_individualizing_helps_a_device_whose_version_is_too_low() -> None:
    services = Services(Given(client_version="2.9", required_version="2.10"))
    assert services.ask(LICENSE, client_version="2.9", contents=("film",)).answer is Answer.NEEDS_INDIVIDUALIZATION
    package = services.ask(INDIVIDUALIZATION, client_version="2.9", idempotency_key="k")
    assert package.client_version == "2.10"
    assert services.ask(LICENSE, client_version="2.10", contents=("film",)).answer is Answer.GRANTED


def test_a_key_that_was_refused_may_be_used_again_once_the_device_is_individualized() -> None:
    services = Services(Given(individualized=False, backup=("film",)))
    refused = services.ask(RESTORE, client_version="", computer="c", idempotency_key="k")
    assert refused.answer is Answer.NEEDS_INDIVIDUALIZATION
    services.ask(INDIVIDUALIZATION, client_version="", idempotency_key="i")
    assert services.ask(RESTORE, computer="c", idempotency_key="k").answer is Answer.RESTORED


def test_versions_are_ordered_by_their_numbers() -> None:
    assert sorted(["2.10", "2.9", "", "11", "x"], key=version_order)[2:] == ["2.9", "2.10", "11"]
    assert version_order("9" * 5000) == version_order("٢.٢") == version_order("2..2") == ()


def test_a_repetition_may_carry_a_fresh_nonce() -> None:
    services = Services(Given(individualized=False))
    first = services.ask(INDIVIDUALIZATION, client_version="", idempotency_key="k", nonce="1")
    again = services.ask(INDIVIDUALIZATION, client_version="", idempotency_key="k", nonce="2")
    assert (first.nonce, again.nonce) == ("1", "2")
    assert replace(first, nonce="2") == again
