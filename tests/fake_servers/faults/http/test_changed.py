"""wrong_content_type, oversize_body and missing_cors: the service acts, and its own reply is changed in one point."""

import pytest
from pydantic import ValidationError

from fake_servers.faults.base import HttpFault, Presentation
from fake_servers.faults.http import MissingCors, OversizeBody, WrongContentType
from tests.fake_servers.faults.http.contexts import HONEST, context


@pytest.mark.parametrize("fault", [WrongContentType, OversizeBody, MissingCors])
def test_the_service_does_its_work(fault: type[HttpFault]) -> None:
    assert fault.instead is False


def test_a_wrong_content_type_changes_that_header_only() -> None:
    reply = WrongContentType(content_type="text/html").reply(HONEST, context())
    assert (reply.status, reply.body) == (200, HONEST.body)
    assert reply.headers == {**HONEST.headers, "Content-Type": "text/html"}


def test_the_honest_content_type_goes_however_it_is_spelt() -> None:
    honest = type(HONEST)(200, {"content-type": "application/json"}, b"{}")
    assert WrongContentType().reply(honest, context()).headers == {"Content-Type": "text/html"}


@pytest.mark.parametrize("content_type", ["html", "text/html\r\nX: y", "text/", ""])
def test_what_is_no_content_type_is_refused(content_type: str) -> None:
    with pytest.raises(ValidationError, match="content_type"):
        WrongContentType(content_type=content_type)


def test_a_content_type_may_carry_parameters() -> None:
    assert WrongContentType(content_type="text/html; charset=utf-8").content_type == "text/html; charset=utf-8"


def test_an_oversize_body_begins_honestly_and_goes_on_to_its_size() -> None:
    reply = OversizeBody(size="2 MB").reply(HONEST, context())
    assert len(reply.body) == 2_000_000
    assert reply.body.startswith(HONEST.body)
    assert reply.body[len(HONEST.body) :].strip(b"\0") == b""
    assert (reply.status, reply.headers) == (200, HONEST.headers)


def test_an_oversize_body_is_eight_megabytes_unless_told() -> None:
    assert len(OversizeBody().reply(HONEST, context()).body) == 8_000_000


def test_a_length_that_the_honest_reply_announced_goes_with_its_body() -> None:
    honest = type(HONEST)(200, {"content-length": "2", "Content-Type": "text/xml"}, b"{}")
    assert OversizeBody().reply(honest, context()).headers == {"Content-Type": "text/xml"}


def test_a_body_too_large_for_memory_is_refused() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 256000000"):
        OversizeBody(size="300 MB")


def test_missing_cors_takes_those_headers_and_nothing_else() -> None:
    reply = MissingCors().reply(HONEST, context())
    assert (reply.status, reply.body) == (HONEST.status, HONEST.body)
    assert reply.headers == {"Content-Type": "application/json", "Cache-Control": "no-store"}


@pytest.mark.parametrize(
    ("fault", "presentation"),
    [
        (WrongContentType(), Presentation.NOT_A_LICENSE_REPLY),
        (OversizeBody(), Presentation.TOO_LARGE),
        (MissingCors(), Presentation.CONNECTION_LOST),  # all that a page can tell
    ],
)
def test_each_presents_as_what_its_reader_sees(fault: HttpFault, presentation: Presentation) -> None:
    assert fault.presents_as() is presentation
