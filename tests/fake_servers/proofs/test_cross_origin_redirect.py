"""cross_origin_redirect: sent to another origin, where there is nothing."""

from urllib.parse import urlsplit

from tests.fake_servers.proofs.probe import ask
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, ask_clearkey
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_another_port_is_named_and_has_no_license(with_fault: bool) -> None:
    with serving(*[line("cross_origin_redirect")] if with_fault else ()) as served:
        received = ask_clearkey(served)
        assert received.status == (307 if with_fault else 200)
        if with_fault:
            here, there = urlsplit(served.license_url), urlsplit(received.headers["location"])
            assert (there.scheme, there.hostname) == (here.scheme, here.hostname)
            assert there.port != here.port
            assert ask(received.headers["location"], CLEARKEY_REQUEST).status == 404
        assert ask_clearkey(served).status == 200, "the fault met the first request only"
