"""downgrade_redirect: sent from HTTPS to plain HTTP, where nobody speaks it."""

from tests.fake_servers.proofs.probe import Received, ask
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, ask_clearkey
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_the_same_address_is_named_in_the_clear(with_fault: bool) -> None:
    with serving(*[line("downgrade_redirect")] if with_fault else (), tls=True) as served:
        received = ask_clearkey(served)
        assert received.status == (307 if with_fault else 200)
        if with_fault:
            plain = served.license_url.replace("https:", "http:") + "?hop=1"
            assert received.headers["location"] == plain
            assert is_refused(plain), "the port speaks TLS only"


def is_refused(url: str) -> bool:
    try:
        received: Received = ask(url, CLEARKEY_REQUEST)
    except (TimeoutError, ConnectionResetError):
        return True
    return b" 200 " not in received.data
