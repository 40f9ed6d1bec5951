"""Removal orders, acknowledgements and releases: idempotent by nature."""

import pytest

from fake_servers.given import Given
from fake_servers.records import Right
from fake_servers.services.decision import Answer, Exchange
from tests.fake_servers.services.services import Services

REVOCATION, ACKNOWLEDGEMENT, RELEASE = Exchange.REVOCATION, Exchange.ACKNOWLEDGEMENT, Exchange.RELEASE


@pytest.mark.parametrize(
    ("revoked", "asked", "ordered"),
    [
        ((), (), ("a", "b", "c")),
        (("a", "b"), (), ("a", "b")),
        (("a", "b"), ("c", "b"), ("b",)),
    ],
)
def test_the_order_names_what_the_issuer_wants_removed(
    revoked: tuple[str, ...], asked: tuple[str, ...], ordered: tuple[str, ...]
) -> None:
    decision = Services(Given(licenses=("a", "b", "c"), revoked=revoked)).ask(REVOCATION, contents=asked)
    assert (decision.answer, decision.contents) == (Answer.REMOVAL_ORDERED, ordered)
    assert decision.receipt


def test_nothing_to_remove_is_denied() -> None:
    services = Services(Given(licenses=("a", "b"), revoked=("a",)))
    assert services.ask(REVOCATION, contents=("b",)).answer is Answer.DENIED
    assert services.changes == []


def test_an_order_changes_no_right_before_it_is_acknowledged() -> None:
    services = Services(Given(licenses=("a",)))
    order = services.ask(REVOCATION)
    assert services.store.holds("device-1", "a")
    services.ask(ACKNOWLEDGEMENT, receipt=order.receipt)
    assert services.store.right_to("device-1", "a") is Right.REMOVED


def test_the_same_challenge_brings_the_same_order_and_a_second_acknowledgement_changes_nothing() -> None:
    services = Services(Given(licenses=("a",)))
    first, second = services.ask(REVOCATION), services.ask(REVOCATION)
    assert first == second
    for _ in range(3):
        assert services.ask(ACKNOWLEDGEMENT, receipt=first.receipt).answer is Answer.ACKNOWLEDGED
    assert services.happened == ["revocation_ordered", "revocation_acknowledged"]


def test_nobody_acknowledges_an_order_that_another_device_got() -> None:
    services = Services(Given(licenses=("a",)))
    order = services.ask(REVOCATION, device="one")
    assert services.ask(ACKNOWLEDGEMENT, device="two", receipt=order.receipt).answer is Answer.DENIED
    assert services.ask(ACKNOWLEDGEMENT, device="one", receipt="unheard of").answer is Answer.DENIED
    assert services.happened == ["revocation_ordered"]


def test_a_release_is_acknowledged_each_time_and_happens_once() -> None:
    services = Services(Given(licenses=("a",)))
    for _ in range(2):
        assert services.ask(RELEASE, contents=("a",)).answer is Answer.ACKNOWLEDGED
    assert services.store.right_to("device-1", "a") is Right.RELEASED
    assert services.happened == ["license_released"]


def test_a_license_that_the_device_never_had_cannot_be_released_nor_those_named_with_it() -> None:
    services = Services(Given(licenses=("a",), content="film"))
    assert services.ask(RELEASE, contents=("a", "film")).answer is Answer.DENIED
    assert services.ask(RELEASE).answer is Answer.MALFORMED
    assert services.changes == []
