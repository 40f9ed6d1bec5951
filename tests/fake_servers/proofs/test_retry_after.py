"""retry_after: the header comes in the form that was asked for; the service never hears of the request."""

import pytest

from tests.fake_servers.proofs.requests import ask_wmdrm, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize("status", [503, 429])
@pytest.mark.parametrize(
    ("form", "header"),
    [("seconds", "2"), ("date", "Thu, 01 Jan 2026 00:00:02 GMT")],  # 1.5 s after the stopped clock's 00:00:00.25
)
def test_the_client_is_told_when_to_come_back(form: str, header: str, status: int, with_fault: bool) -> None:
    lines = [line("retry_after", status=status, retry_after="1500 ms", form=form)]
    with serving(*lines if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert received.is_whole
        expected = (status, header) if with_fault else (200, None)
        assert (received.status, received.headers.get("retry-after")) == expected
        assert service_acted_on(served, "n-1") is not with_fault
