"""Entries in words: every kind has some, and no word from elsewhere can do harm to a terminal."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from fake_servers.journal import HandshakeFailed, ReplySent
from harness.report.entry_text import WORDS, entry_text
from harness.report.plain_text import LONGEST, plain
from harness.trace.entry import ClientNoted, OutcomeClaimed, RightsHeld, What


def test_every_kind_of_entry_has_words() -> None:
    kinds = set(get_args(get_args(What)[0]))
    assert set(WORDS) == kinds


@pytest.mark.parametrize(
    ("what", "text"),
    [
        (RightsHeld(licenses=("film", "song"), individualized=True), "holds film, song"),
        (RightsHeld(licenses=(), individualized=False), "holds no license, not individualized"),
        (OutcomeClaimed(outcome="failed", exit_status=22), "exit 22: failed"),
        (ClientNoted(what="stderr", text="\x1b[31mred\x07\nnext"), "stderr: \\x1b[31mred\\x07 next"),
        (HandshakeFailed(connection=2, service="license", detail="alert"), "no TLS on connection 2: alert"),
    ],
)
def test_an_entry_is_one_printable_line(what: object, text: str) -> None:
    assert entry_text(what) == text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"status": 200, "answer": "granted"}, "← license 1: 200 granted"),
        ({"status": 503, "answer": "http", "retry_after_s": 5.0}, "← license 1: 503, retry after 5 s"),
        ({"status": 200, "answer": "granted", "complete": False, "sent_bytes": 1}, "← license 1: 200 granted, spoilt, 1 byte"),
        ({"status": None, "answer": "http"}, "← license 1: no reply"),
        ({"status": None, "answer": "http", "sent_bytes": 12}, "← license 1: 12 bytes, no HTTP head"),
    ],
)
def test_a_reply_tells_its_status_and_what_became_of_it(changes: dict[str, Any], text: str) -> None:
    usual: dict[str, Any] = {"request": 1, "connection": 1, "service": "license", "exchange": "license", "nth": 1}
    assert entry_text(ReplySent(**usual | changes)) == text


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\x7f", "\x9b", "\u202e", "\ud800", "\u2028"])
def test_characters_that_steer_a_terminal_are_shown_by_number(character: str) -> None:
    assert plain(f"a{character}b") == f"a\\x{ord(character):02x}b"


def test_a_flood_of_text_is_cut() -> None:
    assert plain("x" * 10_000) == "x" * (LONGEST - 1) + "…"
