"""Header fields against their standards."""

import pytest
from hypothesis import given, settings

from fake_servers.dialects.idempotency_key import read_key, write_key
from fake_servers.dialects.wmdrm_reply import sealed
from tests.fake_servers.dialects.wires import ascii_keys, vectors

KEYS = vectors("headers")["idempotency_keys"]
DIGESTS = {body: digest for body, digest in vectors("headers")["content_digests"].items() if body != "source"}


@pytest.mark.parametrize(("value", "key"), KEYS["good"].items())
def test_an_idempotency_key_is_a_quoted_string(value: str, key: str) -> None:
    assert read_key(value) == key
    assert write_key(key) == value.strip()


@pytest.mark.parametrize("value", KEYS["bad"])
def test_anything_else_is_no_idempotency_key(value: str) -> None:
    with pytest.raises(ValueError, match="quoted string"):
        read_key(value)


def test_no_header_is_no_key() -> None:
    assert read_key("") == ""


def test_a_key_that_a_header_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        write_key("one\r\ntwo")


@settings(max_examples=60, deadline=None)
@given(ascii_keys)
def test_a_key_survives_the_header(key: str) -> None:
    assert read_key(write_key(key)) == key


@pytest.mark.parametrize(("body", "digest"), DIGESTS.items())
def test_a_digest_is_written_as_the_standard_has_it(body: str, digest: str) -> None:
    assert sealed(200, {}, body.encode()).headers == {"Content-Digest": digest}
