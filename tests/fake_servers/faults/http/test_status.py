"""status: an error status instead of a reply, and what a client can tell of each."""

import pytest
from pydantic import ValidationError

from fake_servers.faults.base import Presentation, Reply
from fake_servers.faults.http import Status
from tests.fake_servers.faults.http.contexts import context


def test_the_request_never_reaches_the_service() -> None:
    assert Status.instead is True


@pytest.mark.parametrize(("status", "text"), [(500, b"500 Internal Server Error\n"), (599, b"599 Error\n")])
def test_the_reply_is_the_status_and_a_line_of_text(status: int, text: bytes) -> None:
    assert Status(status=status).reply(None, context()) == Reply(status, {"Content-Type": "text/plain; charset=utf-8"}, text)


@pytest.mark.parametrize(
    ("status", "presentation"),
    [
        (400, Presentation.REQUEST_REFUSED),
        (401, Presentation.REQUEST_REFUSED),
        (403, Presentation.REQUEST_REFUSED),
        (404, Presentation.REQUEST_REFUSED),
        (408, Presentation.UNAVAILABLE),  # the moment was wrong, not the request
        (425, Presentation.UNAVAILABLE),
        (429, Presentation.RATE_LIMITED),
        (499, Presentation.REQUEST_REFUSED),
        (500, Presentation.SERVER_ERROR),
        (502, Presentation.SERVER_ERROR),
        (503, Presentation.UNAVAILABLE),
        (504, Presentation.SERVER_ERROR),
        (599, Presentation.SERVER_ERROR),
    ],
)
def test_a_status_presents_as_what_its_class_and_number_say(status: int, presentation: Presentation) -> None:
    assert Status(status=status).presents_as() is presentation


@pytest.mark.parametrize("status", [200, 307, 399, 600])
def test_only_error_statuses_are_a_fault(status: int) -> None:
    with pytest.raises(ValidationError, match="status"):
        Status(status=status)
