"""old_protocol: no version in common; and a client that still speaks the old ones is served over them."""

import socket
import ssl
import warnings
from urllib.parse import urlsplit

import pytest

from tests.fake_servers.proofs.probe import PATIENCE_S, request
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, ask_clearkey
from tests.fake_servers.proofs.serving import Served, early_line, serving, with_or_without


@with_or_without
def test_a_client_of_today_gets_an_alert_about_the_version(with_fault: bool) -> None:
    with serving(*[early_line("old_protocol")] if with_fault else (), tls=True) as served:
        if with_fault:
            with pytest.raises(ssl.SSLError) as failed:
                ask_clearkey(served)
            assert failed.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"
        assert ask_clearkey(served).status == 200


def of_before_2008(served: Served) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=served.trust)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    return context


@with_or_without
def test_a_client_that_speaks_the_old_versions_is_served_over_them(with_fault: bool) -> None:
    with serving(*[early_line("old_protocol")] if with_fault else (), tls=True) as served:
        parts = urlsplit(served.license_url)
        with (
            socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_S) as sock,
            of_before_2008(served).wrap_socket(sock, server_hostname=parts.hostname) as tls,
        ):
            assert tls.version() == ("TLSv1.1" if with_fault else "TLSv1.3")
            tls.sendall(request(served.license_url, CLEARKEY_REQUEST))
            assert tls.recv(65_536).startswith(b"HTTP/1.1 200 ")
