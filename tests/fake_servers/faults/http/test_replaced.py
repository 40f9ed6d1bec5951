"""captive_portal and malformed_reply: something else speaks in the service's name."""

import http.client
import io

import pytest
from pydantic import ValidationError

from fake_servers.faults.base import HttpFault, Presentation
from fake_servers.faults.http import CaptivePortal, MalformedReply
from tests.fake_servers.faults.http.contexts import context


@pytest.mark.parametrize("fault", [CaptivePortal, MalformedReply])
def test_the_request_never_reaches_the_service(fault: type[HttpFault]) -> None:
    assert fault.instead is True


def test_a_captive_portal_says_200_and_shows_a_login_page() -> None:
    reply = CaptivePortal().reply(None, context())
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("text/html")
    assert b"<form" in reply.body
    assert CaptivePortal().presents_as() is Presentation.NOT_A_LICENSE_REPLY


class FakeSocket:
    """As much of a socket as ``HTTPResponse`` reads from."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def test_a_garbage_status_line_is_refused_by_an_http_parser() -> None:
    reply = http.client.HTTPResponse(FakeSocket(MalformedReply(kind="status_line").reply(None, context()).data))  # type: ignore[arg-type]  # reads by makefile only
    with pytest.raises(http.client.BadStatusLine, match="LICENSE"):
        reply.begin()


def test_a_header_without_a_colon_stands_between_good_ones() -> None:
    head, _, body = MalformedReply(kind="header").reply(None, context()).data.partition(b"\r\n\r\n")
    status_line, *fields = head.split(b"\r\n")
    assert status_line == b"HTTP/1.1 200 OK"
    assert [b":" in field for field in fields] == [True, False, True]
    assert body == b"ok"


@pytest.mark.parametrize("kind", ["status_line", "header"])
def test_a_malformed_reply_presents_as_corrupted_bytes(kind: str) -> None:
    assert MalformedReply(kind=kind).presents_as() is Presentation.CORRUPTED


def test_other_kinds_are_refused() -> None:
    with pytest.raises(ValidationError, match="'status_line' or 'header'"):
        MalformedReply(kind="poem")
