"""not_yet_valid: a license comes, and its time has not."""

from tests.fake_servers.proofs.requests import ACQUIRED, ask_wmdrm, code, result, service_acted_on
from tests.fake_servers.proofs.serving import NOW_EPOCH_S, line, serving, with_or_without


@with_or_without
def test_the_license_that_was_issued_begins_later(with_fault: bool) -> None:
    with serving(*[line("not_yet_valid")] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert code(received) == ACQUIRED
        (license_,) = result(received).findall("LICENSE")
        assert (float(license_.get("begins", "0")) > NOW_EPOCH_S) is with_fault
        assert service_acted_on(served, "n-1")
