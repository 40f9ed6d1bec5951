"""reply_lost: the service does its work, and not one byte of its reply arrives."""

import pytest

from tests.fake_servers.proofs.probe import PATIENCE_S, SILENCE_S
from tests.fake_servers.proofs.requests import ACQUIRED, ask_wmdrm, code, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize("how", ["reset", "fin", "silence"])
def test_nothing_arrives_though_the_service_acted(how: str, with_fault: bool) -> None:
    with serving(*[line("reply_lost", how=how)] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1", SILENCE_S if with_fault and how == "silence" else PATIENCE_S)
        if with_fault:
            assert (received.data, received.ending) == (b"", how)
        else:
            assert code(received) == ACQUIRED
        assert service_acted_on(served, "n-1")
