"""retry_after: both forms of the header, in whole seconds that never ask the client back too early."""

from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fake_servers.faults.base import Presentation
from fake_servers.faults.http import RetryAfter
from tests.fake_servers.faults.http.contexts import EPOCH_S, context


def test_the_request_never_reaches_the_service() -> None:
    assert RetryAfter.instead is True


@pytest.mark.parametrize("status", [503, 429])
@pytest.mark.parametrize(
    ("form", "wait", "header"),
    [
        ("seconds", "0 s", "0"),
        ("seconds", "30 s", "30"),
        ("seconds", "1500 ms", "2"),
        ("seconds", "2 min", "120"),
        ("date", "30 s", "Thu, 01 Jan 2026 00:00:31 GMT"),  # the date of serving has a quarter of a second, hence 31
        ("date", "750 ms", "Thu, 01 Jan 2026 00:00:01 GMT"),
        ("date", "1 d", "Fri, 02 Jan 2026 00:00:01 GMT"),
    ],
)
def test_the_header_says_when_in_the_form_that_was_asked_for(status: int, form: str, wait: str, header: str) -> None:
    reply = RetryAfter(status=status, retry_after=wait, form=form).reply(None, context())
    assert (reply.status, reply.headers["Retry-After"]) == (status, header)


@settings(deadline=None)  # other work on the machine is no failure
@given(wait=st.floats(0, 1e6), epoch_s=st.floats(1, 4e9))
def test_a_date_is_never_too_early_and_less_than_a_second_late(wait: float, epoch_s: float) -> None:
    reply = RetryAfter(retry_after=wait, form="date").reply(None, context(epoch_s=epoch_s))
    late_s = parsedate_to_datetime(reply.headers["Retry-After"]).timestamp() - (epoch_s + wait)
    assert 0 <= late_s < 1


def test_the_date_follows_the_clock_of_serving() -> None:
    fault = RetryAfter(retry_after="10 s", form="date")
    first, later = (fault.reply(None, context(epoch_s=EPOCH_S + s)).headers["Retry-After"] for s in (0, 60))
    assert parsedate_to_datetime(later).timestamp() - parsedate_to_datetime(first).timestamp() == 60


@pytest.mark.parametrize(("status", "presentation"), [(503, Presentation.UNAVAILABLE), (429, Presentation.RATE_LIMITED)])
def test_it_presents_as_its_status(status: int, presentation: Presentation) -> None:
    assert RetryAfter(status=status, retry_after="1 s").presents_as() is presentation


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"status": 500, "retry_after": "1 s"}, "503 or 429"),
        ({"retry_after": "1 s", "form": "words"}, "'seconds' or 'date'"),
        ({"retry_after": 1}, "needs a unit"),
        ({}, "retry_after\n  Field required"),
    ],
)
def test_only_what_the_header_can_say_is_taken(parameters: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        RetryAfter.model_validate(parameters)
