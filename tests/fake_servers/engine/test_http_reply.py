"""Replies as bytes, and what of a head may be told."""

import pytest

from fake_servers.engine.http_reply import json_reply, outgoing, outgoing_raw, shown_headers
from fake_servers.faults.base import RawReply, Reply

EPOCH_S = 784_111_777


def test_a_reply_is_written_with_length_date_and_fate_of_the_connection_and_nothing_else() -> None:
    out = outgoing(Reply(200, {"Content-Type": "text/plain"}, b"hello"), epoch_s=EPOCH_S, keep_alive=True)
    assert out.data == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: keep-alive\r\nContent-Length: 5\r\n"
        b"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\nhello"
    )
    assert (out.status, out.body_bytes, out.well_formed) == (200, 5, True)


def test_what_the_server_says_itself_is_said_once() -> None:
    stubborn = Reply(200, {"content-length": "99", "DATE": "never", "connection": "upgrade"}, b"hello")
    head = outgoing(stubborn, epoch_s=EPOCH_S, keep_alive=False).data.lower()
    assert head.count(b"content-length") == head.count(b"date:") == head.count(b"connection:") == 1
    assert b"content-length: 5\r\n" in head
    assert b"connection: close\r\n" in head


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_none(status: int) -> None:
    out = outgoing(Reply(status, {}, b"never"), epoch_s=EPOCH_S, keep_alive=True)
    assert out.data.endswith(b"\r\n\r\n")
    assert b"Content-Length" not in out.data
    assert out.body_bytes == 0


def test_a_reply_to_head_announces_the_body_and_keeps_it() -> None:
    out = outgoing(Reply(200, {}, b"hello"), epoch_s=EPOCH_S, keep_alive=True, head_only=True)
    assert b"Content-Length: 5" in out.data
    assert out.data.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\nb", "a\0b"])
def test_a_header_cannot_smuggle_another(value: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        outgoing(Reply(200, {"X": value}), epoch_s=EPOCH_S, keep_alive=True)


def test_the_status_counts_only_if_the_line_that_says_it_left() -> None:
    out = outgoing(Reply(503), epoch_s=EPOCH_S, keep_alive=True)
    line_bytes = len(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert [out.status_after(sent) for sent in (0, 5, line_bytes - 1, line_bytes)] == [None, None, None, 503]


@pytest.mark.parametrize(
    ("data", "status", "body_bytes"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nok", 200, 7),
        (b"HTTP/1.1 200 OK\r\n\r\nok", 200, 2),
        (b"LICENSE/0.9 maybe\r\n\r\nok", None, 2),
        (b"", None, 0),
        (b"\xff\xfe\r\n\r\n", None, 0),
    ],
)
def test_of_raw_bytes_is_told_what_can_be_read(data: bytes, status: int | None, body_bytes: int) -> None:
    out = outgoing_raw(RawReply(data), epoch_s=EPOCH_S)
    assert (out.data, out.status, out.body_bytes, out.well_formed) == (data, status, body_bytes, False)


def test_retry_after_is_told_in_seconds() -> None:
    soon = Reply(503, {"Retry-After": "Sun, 06 Nov 1994 08:50:37 GMT"})
    assert outgoing(soon, epoch_s=EPOCH_S, keep_alive=True).retry_after_s == 60.0
    raw = RawReply(b"HTTP/1.1 503 X\r\nRetry-After: 7\r\n\r\n")
    assert outgoing_raw(raw, epoch_s=EPOCH_S).retry_after_s == 7.0


def test_a_journal_is_shown_no_credentials_and_nothing_endless() -> None:
    headers = {"Authorization": "Bearer x", "COOKIE": "a=b", "Set-Cookie": "c", "Proxy-Authorization": "y", "X-Long": "z" * 999}
    assert shown_headers(headers) == {"x-long": "z" * 200}
    assert len(shown_headers({f"x-{n}": "" for n in range(99)})) == 32


def test_an_error_can_be_read_by_a_page_of_any_origin() -> None:
    headers = json_reply(404, "no").headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in headers["Access-Control-Expose-Headers"]
