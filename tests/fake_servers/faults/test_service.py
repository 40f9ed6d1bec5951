"""Service faults: another decision, and whether the honest service acted before it."""

import pytest

from fake_servers.faults.base import Presentation, ServiceFault
from fake_servers.faults.service import Denied, Expired, Maintenance, NeedsIndividualization, RestoreLimit, Revoked, WrongKey
from fake_servers.services.decision import Answer, Decision, Exchange, License, ServiceRequest

REQUEST = ServiceRequest(exchange=Exchange.LICENSE, device="device-1", contents=("film",), nonce="n-1")
KEY = bytes(range(16))
GRANTED = Decision(
    answer=Answer.GRANTED,
    licenses=(License(content="film", key=KEY), License(content="trailer", key=KEY, expires_epoch_s=4e9, may_back_up=False)),
    text="granted",
)


class Honest:
    """The service's own decision, counting how often it is asked to act."""

    def __init__(self, decision: Decision) -> None:
        self.decision, self.acts = decision, 0

    def __call__(self) -> Decision:
        self.acts += 1
        return self.decision


@pytest.mark.parametrize(
    ("fault", "answer", "presentation"),
    [
        (NeedsIndividualization(), Answer.NEEDS_INDIVIDUALIZATION, Presentation.NEEDS_INDIVIDUALIZATION),
        (Denied(), Answer.DENIED, Presentation.DENIED),
        (Revoked(), Answer.DEVICE_REVOKED, Presentation.REVOKED),
        (RestoreLimit(), Answer.RESTORE_LIMIT, Presentation.RESTORE_LIMIT),
        (Maintenance(), Answer.MAINTENANCE, Presentation.MAINTENANCE),
    ],
)
def test_a_refusal_leaves_the_truth_alone(fault: ServiceFault, answer: Answer, presentation: Presentation) -> None:
    honest = Honest(GRANTED)
    decision = fault.decide(REQUEST, honest)
    assert (decision.answer, decision.licenses, honest.acts) == (answer, (), 0)
    assert decision.nonce == REQUEST.nonce, "or the client could not tell it from an older reply"
    assert decision.text, "people want a sentence"
    assert fault.presents_as() is presentation


def test_a_wrong_key_comes_with_a_license_that_was_really_issued() -> None:
    honest = Honest(GRANTED)
    decision = WrongKey().decide(REQUEST, honest)
    assert honest.acts == 1
    assert decision.answer is Answer.GRANTED
    for got, asked in zip(decision.licenses, GRANTED.licenses, strict=True):
        assert len(got.key) == len(asked.key), "of the right length, or a client could tell"
        assert all(a != b for a, b in zip(got.key, asked.key, strict=True))
        assert (got.content, got.expires_epoch_s, got.may_back_up) == (asked.content, asked.expires_epoch_s, asked.may_back_up)
    assert WrongKey().presents_as() is Presentation.WRONG_KEY


def test_an_expired_license_was_really_issued_and_is_over_by_any_clock() -> None:
    honest = Honest(GRANTED)
    decision = Expired().decide(REQUEST, honest)
    assert honest.acts == 1
    assert decision.answer is Answer.GRANTED
    assert [license_.key for license_ in decision.licenses] == [KEY, KEY]
    year_2001 = 978_307_200.0
    assert all(0 < (license_.expires_epoch_s or 0) < year_2001 for license_ in decision.licenses)
    assert Expired().presents_as() is Presentation.EXPIRED


@pytest.mark.parametrize("fault", [WrongKey(), Expired()])
def test_a_decision_without_a_license_stays_as_it_is(fault: ServiceFault) -> None:
    refused = Decision(answer=Answer.DENIED, text="no")
    assert fault.decide(REQUEST, Honest(refused)) == refused
