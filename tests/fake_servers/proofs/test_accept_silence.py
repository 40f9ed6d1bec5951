"""accept_silence: a connection is accepted and never hears a byte."""

import pytest

from tests.fake_servers.proofs.probe import PATIENCE_S, SILENCE_S
from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without


@with_or_without
def test_not_a_byte_comes_and_the_next_connection_is_served(with_fault: bool) -> None:
    with serving(*[early_line("accept_silence")] if with_fault else ()) as served:
        first = ask_clearkey(served, SILENCE_S if with_fault else PATIENCE_S)
        second = ask_clearkey(served)
    assert (first.ending, first.data == b"") == (("silence", True) if with_fault else ("fin", False))
    assert second.status == 200


@with_or_without
def test_over_tls_the_handshake_is_never_answered(with_fault: bool) -> None:
    with serving(*[early_line("accept_silence")] if with_fault else (), tls=True) as served:
        if with_fault:
            with pytest.raises(TimeoutError):
                ask_clearkey(served, SILENCE_S)
        else:
            assert ask_clearkey(served).status == 200
