"""clock_skew: a license is good for an hour that is over, or has yet to come."""

import pytest

from tests.fake_servers.proofs.requests import ACQUIRED, ask_wmdrm, code, result, service_acted_on
from tests.fake_servers.proofs.serving import NOW_EPOCH_S, line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize(("direction", "differs_s"), [("behind", -7200.0), ("ahead", 7200.0)])
def test_the_license_is_dated_by_the_wrong_clock(direction: str, differs_s: float, with_fault: bool) -> None:
    lines = [line("clock_skew", direction=direction, by="2 h")]
    with serving(*lines if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert code(received) == ACQUIRED
        (license_,) = result(received).findall("LICENSE")
        dates = [float(license_.get(name, "nan")) - int(NOW_EPOCH_S) for name in ("begins", "expires") if license_.get(name)]
        assert dates == ([differs_s, differs_s + 3600.0] if with_fault else [])
        assert service_acted_on(served, "n-1")
