"""Test keys and key ids: everyone computes the same ones."""

import hashlib

import pytest

from fake_servers.content_keys import base64url, check_of, content_key, from_base64url, key_check, key_id, key_id_text

# The key id of the W3C-shaped vector in tests/vectors, in its two spellings.
VECTOR_TEXT, VECTOR_HEX = "p-YcNz4hkDPCEJH6YHvzuA", "a7e61c373e219033c21091fa607bf3b8"


def test_keys_and_key_ids_come_from_the_name() -> None:
    assert key_id("film") == hashlib.sha256(b"kid:film").digest()[:16]
    assert content_key("film") == hashlib.sha256(b"key:film").digest()[:16]
    assert key_check("film") == hashlib.sha256(content_key("film")).hexdigest()[:16]
    assert check_of(content_key("film")) != check_of(content_key("other"))


def test_a_key_id_stands_for_itself() -> None:
    assert key_id(VECTOR_TEXT).hex() == VECTOR_HEX
    assert key_id_text(VECTOR_TEXT) == VECTOR_TEXT
    assert key_id_text(key_id_text("film")) == key_id_text("film")


@pytest.mark.parametrize("name", ["p-YcNz4hkDPCEJH6YHvzuB", "p-YcNz4hkDPCEJH6YHvzuA==", "AAAA"])
def test_what_only_resembles_a_key_id_is_a_name(name: str) -> None:
    assert key_id(name) == hashlib.sha256(b"kid:" + name.encode()).digest()[:16]


@pytest.mark.parametrize("text", ["", "AA==", "A+/A", "A", "AA\n", "ÄÄ"])
def test_text_that_is_no_unpadded_base64url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        from_base64url(text)


def test_bytes_survive_base64url() -> None:
    assert from_base64url(base64url(bytes(range(256)))) == bytes(range(256))
