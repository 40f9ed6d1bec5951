"""client_too_old: the application is refused, and no license is issued."""

from tests.fake_servers.proofs.requests import ACQUIRED, CLIENT_TOO_OLD, ask_wmdrm, code, result, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_it_is_refused_and_nothing_is_issued(with_fault: bool) -> None:
    with serving(*[line("client_too_old")] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert code(received) == (CLIENT_TOO_OLD if with_fault else ACQUIRED)
        assert (result(received).find("LICENSE") is None) is with_fault
        assert result(received).get("nonce") == "n-1", "a refusal, too, answers the request that was made"
        assert service_acted_on(served, "n-1") is not with_fault
