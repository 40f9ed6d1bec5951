"""daily_quota: no component today."""

from tests.fake_servers.proofs.requests import QUOTA_USED_UP, ask_individualization, code
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_no_component_is_handed_out(with_fault: bool) -> None:
    lines = [line("daily_quota", exchange="individualization")]
    with serving(*lines if with_fault else (), dialect="wmdrm") as served:
        received = ask_individualization(served, "the-first")
        assert (received.headers["content-type"] == "application/octet-stream") is not with_fault
        if with_fault:
            assert code(received) == QUOTA_USED_UP
        assert ask_individualization(served, "the-second").headers["content-type"] == "application/octet-stream"
