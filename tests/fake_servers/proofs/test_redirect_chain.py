"""redirect_chain: whoever follows to the end is served there, once."""

import pytest

from tests.fake_servers.proofs.probe import ask
from tests.fake_servers.proofs.requests import ACQUIRED, FORM, ask_wmdrm, code, service_acted_on, wmdrm_request
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize("hops", [1, 3])
def test_the_last_address_has_the_license(hops: int, with_fault: bool) -> None:
    with serving(*[line("redirect_chain", hops=hops)] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        followed = 0
        while received.status == 307:
            followed += 1
            received = ask(received.headers["location"], wmdrm_request("n-1"), FORM)
        assert followed == (hops if with_fault else 0)
        assert code(received) == ACQUIRED
        assert service_acted_on(served, "n-1")


@with_or_without
def test_whoever_does_not_follow_has_asked_nobody(with_fault: bool) -> None:
    with serving(*[line("redirect_chain")] if with_fault else (), dialect="wmdrm") as served:
        assert (ask_wmdrm(served, "n-1").status == 307) is with_fault
        assert service_acted_on(served, "n-1") is not with_fault
