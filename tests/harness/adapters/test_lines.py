"""Output becomes lines in bounded memory, and readable text."""

from __future__ import annotations

import pytest

from harness.adapters.lines import Line, LineCutter, readable


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_are_the_same_however_the_stream_is_cut(size: int) -> None:
    stream, cutter = b"one\n\ntwo three\nrest", LineCutter()
    lines = [line for at in range(0, len(stream), size) for line in cutter.feed(stream[at : at + size])]
    assert [line.text for line in lines] == [b"one", b"", b"two three"]
    assert [line.text for line in cutter.rest()] == [b"rest"]
    assert list(cutter.rest()) == []


def test_a_line_without_end_is_not_kept() -> None:
    cutter = LineCutter(longest=1000)
    for _ in range(10_000):
        assert list(cutter.feed(b"x" * 100)) == []
        assert len(cutter._kept) <= 1000
    assert list(cutter.feed(b"\nnext\n")) == [Line(b"x" * 200, 1_000_000), Line(b"next", 4)]


def test_a_line_of_just_the_longest_length_is_whole() -> None:
    (line,) = LineCutter(longest=10).feed(b"0123456789\n")
    assert line.is_whole
    (line,) = LineCutter(longest=10).feed(b"0123456789a\n")
    assert not line.is_whole


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (Line("schön".encode(), 6), "schön"),
        (Line(b"\xff\x00\x1b[31m\t", 8), "\\xff\\x00\\x1b[31m\\t"),
        (Line(b"x" * 200, 5_000_000), "x" * 200 + "… (a line of 5000000 bytes)"),
        (Line(b"y" * 600, 600), "y" * 500 + "… (100 more characters)"),
    ],
)
def test_what_cannot_be_printed_is_escaped_and_what_is_too_long_left_out(line: Line, text: str) -> None:
    assert readable(line) == text
