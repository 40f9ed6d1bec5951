"""Every fault looks from a client's socket as it is called, on both networks: a reset is an RST, a close a FIN."""

from __future__ import annotations

import pytest

from fake_servers.faults.base import Layer
from tests.fake_servers.faults.examples import HOUSE
from tests.fidelity.ours import measured, named, plain_cases
from tests.fidelity.page import TARGET, row_begins
from tests.fidelity.promised import AT_LEAST_S, PROMISED, is_as_promised
from tests.fidelity.signature import Seen, reply_text

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "ending", "text"),
    [
        (WHOLE, "FIN", "200 whole, FIN"),
        (WHOLE, "silence", "200 whole, silence"),
        (WHOLE[:-1], "FIN", "FIN after 39 bytes"),
        (WHOLE[:-1], "RST", "RST after 39 bytes"),
        (WHOLE[:20], "silence", "silence after 20 bytes"),
        (CHUNKED, "FIN", "200 whole, FIN"),
        (CHUNKED[:-5], "FIN", "FIN after 54 bytes"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "FIN", "200 whole, FIN"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "RST", "RST after 32 bytes"),
        (WHOLE + b"more", "FIN", "200 whole and 4 bytes more, FIN"),
        (WHOLE + WHOLE, "FIN", "200 whole and 200 whole, FIN"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE, "FIN", "1 interim head, then 200 whole, FIN"),
        (b"lskdu018973t09sylgasjkfg1][]'./.sdlv", "FIN", "36 bytes that are no HTTP, FIN"),
    ],
)
def test_bytes_are_told_as_http_and_by_how_they_ended(data: bytes, ending: str, text: str) -> None:
    assert reply_text(data, ending) == text


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (Seen("RST"), "RST before the first byte"),
        (Seen("FIN", tls=True), "FIN in the handshake"),
        (Seen("alert", tls=True, alert="access_denied"), "TLS alert access_denied"),
        (Seen("SYN unanswered"), "SYN unanswered"),
    ],
)
def test_an_end_before_any_reply_is_told_by_where_it_came(seen: Seen, text: str) -> None:
    assert str(seen) == text


def test_every_fault_is_measured_and_every_promise_is_about_one() -> None:
    names = {named(case): case for case in plain_cases()}
    assert {case.fault for case in names.values()} == set(HOUSE)
    assert set(PROMISED) | set(AT_LEAST_S) <= set(names)
    below_http = {name for name, case in names.items() if case.rule.fault.layer in (Layer.CONNECT, Layer.TLS, Layer.BYTES)}
    assert below_http <= set(PROMISED)


def test_every_fault_looks_as_promised_on_a_real_socket_in_the_simulation_and_in_the_page() -> None:
    page = TARGET.read_text(encoding="utf-8")
    found = measured()
    for seen in ([(m.name, m.real) for m in found], [(m.name, m.simulated) for m in found]):
        assert [(name, str(one), one.seconds) for name, one in seen if not is_as_promised(name, str(one), one.seconds)] == []
    assert [(m.name, str(m.simulated), str(m.real)) for m in found if str(m.simulated) != str(m.real)] == []
    assert [m.name for m in found if f"\n{row_begins(m)}" not in page] == [], "run: python -m tests.fidelity"
