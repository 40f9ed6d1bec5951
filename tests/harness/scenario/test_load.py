"""Each mistake in a scenario is told where it stands, in a tester's words, with what to do about it."""

from pathlib import Path

import pytest

from fake_servers.faults.base import LOOPBACK_ONLY
from fake_servers.faults.tls import UnknownCa
from harness.errors import ScenarioError
from harness.scenario.load import load_scenario, networks, read_scenario
from harness.scenario.model import Outcome

GOOD = """\
about: A renewal on a train.
operation: license_acquisition
expect: {outcome: succeeded}
"""


def complaint(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, shown="s.yaml")
    return str(caught.value)


def test_a_scenario_says_what_its_file_says() -> None:
    scenario = read_scenario(
        GOOD
        + """\
given: {client_version: 2.10, licenses: [no, film]}
faults:
  - {when: {exchange: license, nth: [1, 3]}, fault: reset_after, after_bytes: 1 KB}
  - {when: {service: license, from: 2 s, for: 1 min}, fault: refused}
user:
  - {when: retry_offered, do: retry, after: 250 ms, times: 5}
""",
        name="trains/renewal",
    )
    assert scenario.name == "trains/renewal"
    assert scenario.expect.outcomes == (Outcome.SUCCEEDED,)
    assert scenario.given.client_version == "2.10"  # not the number 2.1
    assert scenario.given.licenses == ("no", "film")  # YAML 1.2: a word
    assert scenario.faults[0].model_dump(mode="json") == {
        "when": {"exchange": "license", "nth": [1, 3]},
        "fault": "reset_after",
        "after_bytes": "1000 bytes",
    }
    assert (scenario.faults[1].when.from_s, scenario.faults[1].when.for_s) == (2.0, 60.0)
    assert (scenario.user[0].after, scenario.user[0].times) == (0.25, 5)


def test_a_date_without_a_zone_is_in_utc() -> None:
    date = read_scenario(GOOD + "world: {date: 2027-03-01}\n").world.date
    assert date.isoformat() == "2027-03-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        # keys
        ("fault: []", "s.yaml:4:1: a scenario has no key 'fault'\n  did you mean 'faults'?"),
        (
            "world: {latencie: 2 s}",
            "s.yaml:4:9: 'world' has no key 'latencie'\n  did you mean 'latency'?",
        ),
        (
            "name: mine",
            "s.yaml:4:1: a scenario's name is its file's path, and cannot be chosen\n"
            "  remove this line; say what it is in 'about'",
        ),
        ("seed: 1\nseed: 2", "s.yaml:5:1: the key 'seed' stands twice; it stood in line 4 already\n  remove one of the two"),
        # values
        ("seed: few", "s.yaml:4:7: 'seed' needs a whole number, not 'few'\n  write digits only"),
        (
            "seed: -1",
            "s.yaml:4:7: 'seed' is too small: -1\n  write at least 0. 'seed': Names the run, together with the version.",
        ),
        ("source: 2404", "s.yaml:4:9: 'source' needs text, not 2404\n  put it in quotes"),
        ("tags: smoke", "s.yaml:4:7: 'tags' needs a list, not 'smoke'\n  write [one, two], or lines that begin with '- '"),
        ("tags: [a, 3]", "s.yaml:4:11: entry 2 of 'tags' needs text, not 3\n  put it in quotes"),
        ("tags:", "s.yaml:4:6: 'tags' needs a list, not nothing\n  write it after the colon, or remove the key"),
        (
            "world: 3",
            "s.yaml:4:8: 'world' needs a mapping, not 3\n  write {key: value}, or indented lines of 'key: value'",
        ),
        (
            "world: {tls: maybe}",
            "s.yaml:4:14: 'tls' needs true or false, not 'maybe'\n  write true or false, without quotes",
        ),
        (
            "world: {date: 2026-02-30}",
            "s.yaml:4:15: 'date' needs a date, not '2026-02-30'\n  write 2026-01-31 or 2026-01-31T12:00:00Z",
        ),
        (
            "world: {limit: 30}",
            "s.yaml:4:16: 'limit' needs a number with a unit, not 30\n  write '2 s'. Units: ms, s, min, h, d",
        ),
        (
            "world: {limit: 2.5}",
            "s.yaml:4:16: 'limit' needs a number with a unit, not '2.5'\n  write '2 s'. Units: ms, s, min, h, d",
        ),
        (
            "given: {url_trust: tamperd}",
            "s.yaml:4:20: 'url_trust' cannot be 'tamperd'\n  did you mean 'tampered'? Words: trusted, untrusted, tampered",
        ),
        (
            "dialect: cleerkey",
            "s.yaml:4:10: no dialect is named 'cleerkey'\n  did you mean 'clearkey'? Dialects: clearkey, wmdrm",
        ),
        # faults
        (
            "faults: [{when: {exchange: license}, fault: reset_aftr}]",
            "s.yaml:4:45: no fault is named 'reset_aftr'\n  did you mean 'reset_after'? All faults: drm-harness list faults",
        ),
        (
            "faults: [{when: {exchange: license}, fault: xyzzy}]",
            "s.yaml:4:45: no fault is named 'xyzzy'\n  All faults: drm-harness list faults",
        ),
        (
            "faults: [{when: {exchange: license}, fault: 503}]",
            "s.yaml:4:45: 'fault' is the name of a fault, not 503\n  All faults: drm-harness list faults",
        ),
        (
            "faults: [{when: {exchange: license}, fault: reset_after, bytes: 3 bytes}]",
            "s.yaml:4:10: fault 'reset_after' needs 'after_bytes'\n"
            "  add it. 'after_bytes': Bytes of the reply, head included, that still arrive; 0 resets at once.\n"
            "s.yaml:4:58: fault 'reset_after' has no key 'bytes'\n  did you mean 'after_bytes'? Its keys: after_bytes",
        ),
        (
            "faults: [{when: {exchange: license}, fault: reset_after, after_bytes: 3}]",
            "s.yaml:4:71: 'after_bytes' needs a number with a unit, not 3\n  write '120 bytes'. Units: byte, bytes, KB, MB",
        ),
        (
            "faults: [{when: {exchange: license}, fault: reset_after, after_bytes: 3 s}]",
            "s.yaml:4:71: 'after_bytes' needs a number with a unit, not '3 s'\n  write '120 bytes'. Units: byte, bytes, KB, MB",
        ),
        (
            "faults: [{when: {exchange: license}, fault: status, status: 200}]",
            "s.yaml:4:61: 'status' is too small: 200\n  write at least 400. 'status': From 400 to 599.",
        ),
        (
            "faults: [{when: {exchange: license}, fault: delay, delay: 0 s}]",
            "s.yaml:4:10: a delay of 0 s without jitter changes nothing\n  give 'delay' or 'jitter' more than 0 s",
        ),
        (
            "faults: [{when: {exchange: licence}, fault: denied}]",
            "s.yaml:4:28: 'exchange' cannot be 'licence'\n  did you mean 'license'? Words: individualization, license, "
            "monitor, revocation, acknowledgement, release, backup, restore",
        ),
        (
            "faults: [{when: {exchange: license, nth: first}, fault: denied}]",
            "s.yaml:4:42: 'first' is no number and no range of numbers\n  write it like this: 2, or '2 to 4'",
        ),
        (
            "faults: [{when: {exchange: license, nth: 0}, fault: denied}]",
            "s.yaml:4:17: 'when' cannot stand as written\n  'nth' counts from 1",
        ),
        (
            "faults: [{when: {service: license, from_s: 1 s, for: 2 s}, fault: refused}]",
            "s.yaml:4:36: 'when' has no key 'from_s'\n"
            "  did you mean 'from'? Its keys: exchange, nth, service, connection, from, for, probability, waiting_more_than",
        ),
        (
            "faults: [{when: {service: license, connection: 1}, fault: refused}]",
            "s.yaml:4:17: a server cannot see whom it refused\n  address 'refused' by {service, from, for}",
        ),
        (
            "faults: [{when: {service: license, connection: 1}, fault: denied}]",
            "s.yaml:4:17: 'denied' acts on a reply\n  address it by {exchange, nth}",
        ),
        (
            "faults: [{fault: denied}]",
            "s.yaml:4:10: an entry of 'faults' needs 'when'\n  add it: when: {exchange: license, nth: 1}",
        ),
        (
            "faults: [denied]",
            "s.yaml:4:10: an entry of 'faults' is a mapping, not 'denied'\n"
            "  write {when: {exchange: license, nth: 1}, fault: reset_after, ...}",
        ),
        # the user
        (
            "user: [{when: retry_offered, at: 1 s, do: retry}]",
            "s.yaml:4:8: entry 1 of 'user' cannot stand as written\n  give either 'when' or 'at'",
        ),
        (
            "user: [{when: retry_ofered, do: retry}]",
            "s.yaml:4:15: 'when' cannot be 'retry_ofered'\n  did you mean 'retry_offered'?",
        ),
        (
            "user: [{when: failed, do: rerty}]",
            "s.yaml:4:27: 'do' cannot be 'rerty'\n"
            "  did you mean 'retry'? Words: retry, cancel, consent, refuse, overwrite, keep, complete_page",
        ),
    ],
)
def test_a_wrong_line_is_told_with_its_place_and_what_to_do(line: str, told: str) -> None:
    assert complaint(GOOD + line + "\n") == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "s.yaml:1:1: the file is empty\n  a scenario begins like this: about: ..., operation: ..., expect: ..."),
        (
            "- a\n",
            "s.yaml:1:1: a scenario is a mapping of keys, not a list\n"
            "  write it like this: about: ..., operation: ..., expect: ...",
        ),
        (
            "about: a: b\n",
            "s.yaml:1:9: this is not YAML: mapping values are not allowed here\n"
            "  look at the indentation, brackets and quotes here and just before",
        ),
        (
            "about: A renewal on a train.\noperation: license_acquisition\n",
            "s.yaml:1:1: a scenario needs 'expect'\n"
            "  add it. 'expect': What must be true at the end, of every honest client.",
        ),
        (
            "about: A renewal on a train.\noperation: license_aquisition\nexpect: {outcome: [succeeded, ended]}\n",
            "s.yaml:2:12: 'operation' cannot be 'license_aquisition'\n  did you mean 'license_acquisition'? "
            "Words: individualization, license_acquisition, license_revocation, license_backup, license_restore\n"
            "s.yaml:3:31: entry 2 of 'outcome' cannot be 'ended'\n"
            "  did you mean 'succeeded'? Words: succeeded, failed, cancelled, blocked, declined",
        ),
        ("about: short\n" + GOOD[len("about: A renewal on a train.\n") :],
            "s.yaml:1:8: 'about' is too short: 'short'\n"
            "  write at least 10 characters. 'about': The real situation, in one sentence.",
        ),
        (
            "about: !!python/object:os.system x\n",
            "s.yaml:1:8: the tag 'tag:yaml.org,2002:python/object:os.system' means nothing here\n"
            "  remove it; quotes make anything text",
        ),
        ("about: *x\n", "s.yaml:1:8: nothing above is named '&x'\n  define the anchor first, or write it out"),
        (GOOD + "---\n" + GOOD, "s.yaml:4:1: a second document begins here\n  keep one document a file; remove the '---'"),
        (
            GOOD + "\x07\n",
            "s.yaml:4:1: character U+0007 cannot stand in YAML\n  remove it, or save as UTF-8",
        ),
    ],
)  # fmt: skip
def test_a_text_that_is_no_scenario_at_all_is_told_so(text: str, told: str) -> None:
    assert complaint(text) == told


def test_all_problems_of_a_file_are_told_at_once_in_its_order() -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(
            "about: A renewal on a train.\noperation: license_acquisition\nsed: 1\ndialect: none\n"
            "faults:\n  - {when: {exchange: license}, fault: nonesuch}\n  - {when: {exchange: restore}, fault: denied}\n"
            "expect: {outcome: won}\n"
        )
    assert [problem.split(": ")[0] for problem in caught.value.problems] == [
        "scenario:3:1",
        "scenario:4:10",
        "scenario:6:40",
        "scenario:7:23",
        "scenario:8:19",
    ]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: None, "the file cannot be read: no such file or directory\n  check the path and its permissions"),
        (lambda path: path.mkdir(), "the file cannot be read: is a directory\n  check the path and its permissions"),
        (lambda path: path.write_bytes(b"about: \xff"), "byte 0xFF is not UTF-8\n  save the file as UTF-8"),
        (
            lambda path: path.write_bytes(b"#" * 256_001),
            "the file is larger than 256 KB\n  a scenario fits on a screen; is this the right file?",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_so(make: object, told: str, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    make(path)  # type: ignore[operator]  # a table of small functions, told apart by their effect only
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    column = 8 if "UTF-8" in told else 1
    assert str(caught.value) == f"{path}:1:{column}: {told}"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "marked.yaml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert load_scenario(path).name == "marked"


def test_a_scenario_can_be_had_where_each_of_its_faults_can(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = "faults: [{when: {service: license, connection: 1}, fault: unknown_ca}]\n"
    scenario = read_scenario(GOOD + "world: {tls: true}\n" + faults)
    assert networks(scenario) == {"simulated", "loopback"}
    monkeypatch.setattr(UnknownCa, "reach", LOOPBACK_ONLY)
    assert networks(scenario) == {"loopback"}
