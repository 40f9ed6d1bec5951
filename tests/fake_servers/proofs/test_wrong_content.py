"""wrong_content: a license comes, for something else."""

from tests.fake_servers.proofs.requests import ACQUIRED, ask_wmdrm, code, result, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_the_license_is_for_another_content(with_fault: bool) -> None:
    with serving(*[line("wrong_content")] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert code(received) == ACQUIRED
        (license_,) = result(received).findall("LICENSE")
        assert (license_.get("content") != "film") is with_fault
        assert service_acted_on(served, "n-1")
