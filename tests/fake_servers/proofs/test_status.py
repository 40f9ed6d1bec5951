"""status: the named status comes, the service never hears of the request."""

import pytest

from tests.fake_servers.proofs.requests import ACQUIRED, ask_wmdrm, code, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503, 599])
def test_the_status_arrives_in_place_of_a_license(status: int, with_fault: bool) -> None:
    with serving(*[line("status", status=status)] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert received.is_whole
        if with_fault:
            assert (received.status, received.headers["content-type"].split(";")[0]) == (status, "text/plain")
        else:
            assert (received.status, code(received)) == (200, ACQUIRED)
        assert service_acted_on(served, "n-1") is not with_fault
