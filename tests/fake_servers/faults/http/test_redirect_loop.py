"""redirect_loop: the same address with a higher number, for ever."""

import pytest
from pydantic import ValidationError

from fake_servers.faults.base import Presentation
from fake_servers.faults.http import RedirectLoop
from tests.fake_servers.faults.http.contexts import URL, context


def test_the_request_never_reaches_the_service() -> None:
    assert RedirectLoop.instead is True


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [
        (URL, URL + "?hop=1"),
        (URL + "?hop=1", URL + "?hop=2"),
        (URL + "?hop=41", URL + "?hop=42"),
        (URL + "?a=b%20c&hop=9", URL + "?a=b+c&hop=10"),
        (URL + "?empty=", URL + "?empty=&hop=1"),
        (URL + "?hop=many", URL + "?hop=1"),
    ],
)
def test_each_redirect_counts_one_up(asked: str, sent_to: str) -> None:
    reply = RedirectLoop().reply(None, context(asked))
    assert (reply.status, dict(reply.headers), reply.body) == (307, {"Location": sent_to}, b"")


def test_a_client_that_follows_meets_no_address_twice() -> None:
    seen = [URL]
    for _ in range(100):
        seen.append(RedirectLoop().reply(None, context(seen[-1])).headers["Location"])
    assert len(set(seen)) == 101


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_redirect_with_a_location_can_loop(status: int) -> None:
    fault = RedirectLoop(status=status)
    assert fault.reply(None, context()).status == status
    assert fault.presents_as() is Presentation.REDIRECTED


@pytest.mark.parametrize("status", [200, 300, 304, 400])
def test_other_statuses_are_no_redirect(status: int) -> None:
    with pytest.raises(ValidationError, match="301, 302, 303, 307 or 308"):
        RedirectLoop(status=status)
