"""Placeholders are filled word by word, and no value can break a command line."""

from __future__ import annotations

import shlex

import pytest

from harness.adapters.placeholders import filled, placeholders_in
from harness.errors import AdapterError

KNOWN = ("license_url", "request", "state_dir")


def test_words_are_filled_and_stay_words_whatever_the_value_holds() -> None:
    nasty = "http://h/a b?x='\"; rm -rf / $(id) `id` {request}"
    words = shlex.split("curl --data '{request} and {request}' --out={state_dir}/x {license_url}")
    values = {"license_url": lambda: nasty, "request": lambda: '{"kids": []}', "state_dir": lambda: "/tmp/s"}
    assert filled(words, values) == ["curl", "--data", '{"kids": []} and {"kids": []}', "--out=/tmp/s/x", nasty]


def test_a_doubled_brace_is_a_brace() -> None:
    assert filled(["{{}}", '{{"a": {{"b": 1}}}}'], {}) == ["{}", '{"a": {"b": 1}}']


def test_a_value_is_made_once_and_only_if_it_is_used() -> None:
    made = []
    values = {"request": lambda: made.append("request") or "r", "state_dir": lambda: made.append("state_dir") or "s"}  # type: ignore[func-returns-value] # append, then the text
    assert filled(["{request}", "{request}"], values) == ["r", "r"]
    assert made == ["request"]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        (
            "{licence_url}",
            "there is no placeholder {licence_url}; did you mean {license_url}? Known are {license_url}, {request}",
        ),
        ('{"kids": []}', "A literal brace is doubled: {{ or }}"),
        ("{request!r}", "there is no placeholder {request!r}"),
        ("{request:>99999999}", "there is no placeholder {request:>99999999}"),
        ("{request.__class__}", "there is no placeholder {request.__class__}"),
        ("{}", "there is no placeholder {}"),
        ("{", "a brace stands alone in '{'; a literal brace is doubled"),
        ("a}", "a brace stands alone in 'a}'"),
    ],
)
def test_any_other_brace_is_refused(word: str, text: str) -> None:
    with pytest.raises(AdapterError) as caught:
        placeholders_in([word], KNOWN)
    assert text in str(caught.value)
