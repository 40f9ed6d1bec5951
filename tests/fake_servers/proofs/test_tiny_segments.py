"""tiny_segments: a reply in many TCP segments, as the client's own kernel counts them."""

import socket
import sys

import pytest

from tests.fake_servers.proofs.probe import connect, receive, request
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without

FIRST_WINDOW = 10
"""Segments that a connection may send before the first is acknowledged (RFC 6928); what waits then, a kernel glues together."""

DATA_SEGMENTS_IN = 152
"""Linux, struct tcp_info: the offset of tcpi_data_segs_in, a 32-bit number of segments that carried data."""


def segments_with_data(sock: socket.socket) -> int:
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    return int.from_bytes(info[DATA_SEGMENTS_IN : DATA_SEGMENTS_IN + 4], sys.byteorder)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's kernel tells how many segments came")
@with_or_without
def test_segments_of_one_byte_come_as_many_as_tcp_lets_out(with_fault: bool) -> None:
    honest = honest_reply()
    with (
        serving(*[line("tiny_segments", size="1 byte")] if with_fault else ()) as served,
        connect(served.license_url) as sock,
    ):
        assert isinstance(sock, socket.socket)
        sock.sendall(request(served.license_url, CLEARKEY_REQUEST))
        received = receive(sock)
        count = segments_with_data(sock)
    assert (received.data, received.ending) == (honest, "fin")
    assert count >= FIRST_WINDOW if with_fault else count == 1


@with_or_without
def test_over_tls_each_byte_comes_in_a_record_of_its_own(with_fault: bool) -> None:
    honest = honest_reply(tls=True)
    with (
        serving(*[line("tiny_segments", size="1 byte")] if with_fault else (), tls=True) as served,
        connect(served.license_url, served.trust) as sock,
    ):
        sock.sendall(request(served.license_url, CLEARKEY_REQUEST))
        received = receive(sock)  # a read gives one record at the most
    assert (received.data, received.ending) == (honest, "fin")
    assert len(received.arrivals) == (len(honest) if with_fault else 1)
