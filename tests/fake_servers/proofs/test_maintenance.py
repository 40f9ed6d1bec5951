"""maintenance: the service says that it is closed, and does nothing."""

from tests.fake_servers.proofs.requests import ACQUIRED, BAD_NET_RESP, ask_wmdrm, code, result, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_the_service_says_that_it_is_closed_and_issues_nothing(with_fault: bool) -> None:
    with serving(*[line("maintenance")] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert code(received) == (BAD_NET_RESP if with_fault else ACQUIRED)
        assert (result(received).find("LICENSE") is None) is with_fault
        assert result(received).get("nonce") == "n-1", "a refusal, too, answers the request that was made"
        assert service_acted_on(served, "n-1") is not with_fault
