"""redirect_loop: whoever follows is sent on and on; whoever asks anew is served."""

import pytest

from tests.fake_servers.proofs.probe import ask
from tests.fake_servers.proofs.requests import CLEARKEY_REQUEST, ask_clearkey
from tests.fake_servers.proofs.serving import line, serving, with_or_without

HOPS = 30  # more than the 20 after which browsers give up


@with_or_without
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_hop_leads_to_another_address(status: int, with_fault: bool) -> None:
    with serving(*[line("redirect_loop", status=status)] if with_fault else ()) as served:
        visited = [served.license_url]
        first = ask(visited[0], CLEARKEY_REQUEST)
        if not with_fault:
            assert (first.status, "location" in first.headers) == (200, False)
            return
        received = first
        for _ in range(HOPS):
            assert (received.status, received.ending) == (status, "fin")
            visited.append(received.headers["location"])
            received = ask(visited[-1], CLEARKEY_REQUEST)
        assert visited[1:] == [f"{visited[0]}?hop={n}" for n in range(1, HOPS + 1)]
        assert ask_clearkey(served).status == 200, "the fault met the first request only"
