"""malformed_reply: bytes that are not HTTP, then the end of the stream."""

import http.client
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.fake_servers.proofs.probe import PATIENCE_S
from tests.fake_servers.proofs.requests import ACQUIRED, CLEARKEY_REQUEST, ask_wmdrm, code, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize("kind", ["status_line", "header"])
def test_the_grammar_is_broken_in_one_line(kind: str, with_fault: bool) -> None:
    with serving(*[line("malformed_reply", kind=kind)] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        first, *fields = received.data.partition(b"\r\n\r\n")[0].split(b"\r\n")
        assert first.startswith(b"HTTP/1.1 ") is not (with_fault and kind == "status_line")
        assert all(b":" in field for field in fields) is not (with_fault and kind == "header")
        assert received.ending == "fin"
        if not with_fault:
            assert code(received) == ACQUIRED
        assert service_acted_on(served, "n-1") is not with_fault


@with_or_without
def test_the_standard_library_refuses_the_status_line(with_fault: bool) -> None:
    with serving(*[line("malformed_reply", kind="status_line")] if with_fault else ()) as served:
        client = http.client.HTTPConnection(urlsplit(served.license_url).netloc, timeout=PATIENCE_S)
        with closing(client):
            client.request("POST", "/license", CLEARKEY_REQUEST, {"Connection": "close"})
            if with_fault:
                with pytest.raises(http.client.BadStatusLine):
                    client.getresponse()
            else:
                with client.getresponse() as reply:
                    assert reply.status == 200
