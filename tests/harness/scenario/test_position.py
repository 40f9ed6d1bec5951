"""YAML 1.2 with places, and no way to make the reader work without end."""

import pytest

from harness.scenario.position import MOST_VALUES, Position, UnreadableError, read_yaml


def test_every_key_and_value_has_a_place_counted_from_one() -> None:
    document = read_yaml("a:\n  - x\n  - {b: 'ü', c: 3}\n")
    assert document.value == {"a": ["x", {"b": "ü", "c": 3}]}
    assert document.at_key(("a", 1, "c")) == Position(3, 14)
    assert document.at_value(("a", 1, "c")) == Position(3, 17)
    assert document.at_value(("a", 0)) == Position(2, 5)


def test_what_is_not_there_stands_where_it_should_have_been() -> None:
    assert read_yaml("a:\n  b: {}\n").at_value(("a", "b", "c", 0)) == Position(2, 6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("'true'", "true"),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("2.10", "2.10"),
        ("1e3", "1e3"),
        ("0x10", "0x10"),
        ("9" * 5000, "9" * 5000),
        ("2026-01-31", "2026-01-31"),
        (".nan", ".nan"),
    ],
)
def test_plain_words_read_by_the_core_schema_and_numbers_with_a_point_stay_text(text: str, value: object) -> None:
    read = read_yaml(f"key: {text}\n").value
    assert read == {"key": value}
    assert type(read["key"]) is type(value)


def test_an_alias_is_a_copy_whose_parts_stand_where_the_alias_stands() -> None:
    document = read_yaml("a: &one {x: 1}\nb: *one\n")
    assert document.value == {"a": {"x": 1}, "b": {"x": 1}}
    assert document.at_value(("b", "x")) == Position(2, 4)


def test_aliases_of_aliases_do_not_explode() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(UnreadableError, match=f"more than {MOST_VALUES} values"):
        read_yaml("\n".join(lines))


@pytest.mark.parametrize("text", ["[" * 5000, "a: &a [*a]", "- " * 400, "{a: " * 400])
def test_bottomless_nesting_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_yaml(text)


def test_a_doubled_key_is_told_and_the_first_one_counts() -> None:
    document = read_yaml("a: 1\nb: 2\na: {c: 3}\n")
    assert document.value == {"a": 1, "b": 2}
    assert [(p.position, p.what) for p in document.problems] == [
        (Position(3, 1), "the key 'a' stands twice; it stood in line 1 already")
    ]


@pytest.mark.parametrize("text", ["? [a]\n: b\n", "{[a]: b}", 'a: "\\UFFFFFFFF"', "a: 'x", "%YAML 3.0\n---\na: 1\n"])
def test_strange_yaml_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_yaml(text)
