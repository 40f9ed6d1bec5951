"""wrong_key: a license comes, for the right content and with another key."""

import base64
import hashlib

from tests.fake_servers.proofs.requests import ACQUIRED, FILM_KID, ask_clearkey, ask_wmdrm, code, result, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without

FILM_KEY = hashlib.sha256(b"key:film").digest()[:16]


@with_or_without
def test_the_license_that_was_issued_holds_another_key(with_fault: bool) -> None:
    with serving(*[line("wrong_key")] if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert code(received) == ACQUIRED
        (license_,) = result(received).findall("LICENSE")
        key = base64.b64decode(license_.get("key", ""))
        assert (license_.get("content"), len(key)) == ("film", 16)
        assert (key != FILM_KEY) is with_fault
        assert service_acted_on(served, "n-1")


@with_or_without
def test_a_clear_key_player_gets_another_key_under_the_right_id(with_fault: bool) -> None:
    with serving(*[line("wrong_key")] if with_fault else ()) as served:
        message = ask_clearkey(served).json()
    assert isinstance(message, dict)
    (entry,) = message["keys"]
    key = base64.urlsafe_b64decode(entry["k"] + "==")
    assert (entry["kid"], len(key)) == (FILM_KID, 16)
    assert (key != FILM_KEY) is with_fault
