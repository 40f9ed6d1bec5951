"""replayed_reply: the answer to another question."""

from tests.fake_servers.proofs.requests import ACQUIRED, ask_wmdrm, code, result, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_the_reply_has_another_nonce_than_the_request(with_fault: bool) -> None:
    with serving(*[line("replayed_reply")] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert code(received) == ACQUIRED
        assert (result(received).get("nonce") != "n-1") is with_fault
        assert service_acted_on(served, "n-1")
