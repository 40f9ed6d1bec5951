"""truncate: the last bytes are missing, and the stream ends in order."""

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize("drop", [1, 20, 100_000])
def test_the_last_bytes_never_come(drop: int, with_fault: bool) -> None:
    honest = honest_reply()
    with serving(*[line("truncate", drop=f"{drop} bytes")] if with_fault else ()) as served:
        received = ask_clearkey(served)
    assert (received.data, received.ending) == (honest[:-drop] if with_fault else honest, "fin")
