"""challenge: somebody on the way wants a password, and the service never hears of the request."""

import pytest

from tests.fake_servers.proofs.requests import ask_wmdrm, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize(("status", "header"), [(401, "www-authenticate"), (407, "proxy-authenticate")])
def test_a_password_is_asked_for(status: int, header: str, with_fault: bool) -> None:
    with serving(*[line("challenge", status=status)] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert received.is_whole
        expected = (status, 'Basic realm="office"') if with_fault else (200, None)
        assert (received.status, received.headers.get(header)) == expected
        assert service_acted_on(served, "n-1") is not with_fault
