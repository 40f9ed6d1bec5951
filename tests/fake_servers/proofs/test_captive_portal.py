"""captive_portal: a login page with status 200; the service never hears of the request."""

from tests.fake_servers.proofs.requests import ACQUIRED, ask_wmdrm, code, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_a_login_page_arrives_as_if_all_were_well(with_fault: bool) -> None:
    with serving(*[line("captive_portal")] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert (received.status, received.is_whole) == (200, True)
        assert received.headers["content-type"].startswith("text/html") is with_fault
        assert (b"<form" in received.body) is with_fault
        if not with_fault:
            assert code(received) == ACQUIRED
        assert service_acted_on(served, "n-1") is not with_fault
