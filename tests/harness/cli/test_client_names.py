"""What a client is called in a report, where nobody has named it."""

import pytest

from harness.cli.clients import short_name


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("reference", "reference"),
        ("python:path/my_player.py:Client", "my_player"),
        ("stdio:node client.js", "client"),
        ("stdio:'/opt/my tools/player' --fast", "player"),
        ("stdio:sh -c 'echo garbage; sleep 30'", "sh"),
        ("stdio:sh 'left open", "'left"),
    ],
)
def test_it_is_the_word_that_a_reader_knows_it_by(spec: str, name: str) -> None:
    assert short_name(spec) == name
