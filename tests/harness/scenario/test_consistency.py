"""Parts of a scenario that are right one by one, and contradict each other."""

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import read_scenario


def complaint(operation: str, rest: str, outcome: str = "failed") -> str:
    text = f"about: A situation that cannot be.\noperation: {operation}\n{rest}\nexpect: {{outcome: {outcome}}}\n"
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, shown="s")
    return str(caught.value)


@pytest.mark.parametrize(
    ("operation", "rest", "told"),
    [
        (
            "license_acquisition",
            "faults: [{when: {exchange: restore}, fault: denied}]",
            "s:3:28: license_acquisition has no exchange 'restore': this fault would never happen\n"
            "  its exchanges: license, monitor, individualization",
        ),
        (
            "license_acquisition",
            "faults: [{when: {service: backup, connection: 1}, fault: reset_on_accept}]",
            "s:3:27: license_acquisition never speaks to the service 'backup': this fault would never happen\n"
            "  its services: license, individualization",
        ),
        (
            "license_acquisition",
            "faults: [{when: {exchange: monitor}, fault: denied}]",
            "s:3:28: a silent acquisition never asks whether the page is done: this fault would never happen\n"
            "  add 'silent: false' to 'given'",
        ),
        (
            "license_acquisition",
            "faults: [{when: {exchange: license}, fault: restore_limit}]",
            "s:3:17: no license service decides 'restore_limit'\n  its exchanges are restore",
        ),
        (
            "license_acquisition",
            "dialect: clearkey\nfaults: [{when: {exchange: license}, fault: expired}]",
            "s:4:45: the dialect 'clearkey' has no word for 'expired': its reply would be the same without it\n"
            "  dialects that have: wmdrm",
        ),
        (
            "license_acquisition",
            "faults: [{when: {service: license, connection: 1}, fault: wrong_host}]",
            "s:3:59: 'wrong_host' disturbs a TLS handshake, and this world has none\n  add 'world: {tls: true}'",
        ),
        (
            "license_backup",
            "faults: [{when: {exchange: backup}, fault: denied}]",
            "s:3:17: a backup to a local folder sends nothing: this fault would never happen\n"
            "  add 'vault: true' to 'given' for a backup over the network",
        ),
        (
            "individualization",
            "dialect: clearkey",
            "s:3:10: the dialect 'clearkey' cannot carry individualization\n  dialects that can: wmdrm",
        ),
        (
            "license_revocation",
            "given: {licenses: [film]}\ndialect: clearkey\nfaults: [{when: {exchange: revocation}, fault: denied}]",
            "s:5:28: the dialect 'clearkey' has no exchange 'revocation': this fault would never happen\n"
            "  its exchanges here: release",
        ),
        (
            "license_restore",
            "seed: 1",
            "s:1:1: a license_restore needs 'backup' in 'given'\n  write what the backup holds: backup: [film]",
        ),
        (
            "license_revocation",
            "given: {vault: false}",
            "s:3:8: a license_revocation needs 'licenses' in 'given'\n  write what the device holds: licenses: [film]",
        ),
        (
            "license_backup",
            "given: {licenses: [film], restricted: [flim]}",
            "s:3:40: 'restricted' names 'flim', which 'licenses' or 'backup' does not hold\n"
            "  add it there, or remove it here. did you mean 'film'? Known: film",
        ),
        (
            "license_restore",
            "given: {backup: [film], unrestorable: [film, series]}",
            "s:3:46: 'unrestorable' names 'series', which 'backup' does not hold\n"
            "  add it there, or remove it here. Known: film",
        ),
        (
            "license_revocation",
            "given: {licenses: [film], revoked: [series]}",
            "s:3:37: 'revoked' names 'series', which 'licenses' does not hold\n  add it there, or remove it here. Known: film",
        ),
        (
            "individualization",
            "user: [{when: page_needed, do: retry}]",
            "s:3:15: individualization never says 'page_needed': the user would wait for ever\n"
            "  it says: started, consent_needed, preparing, connecting, requesting, receiving, installing, retry_scheduled, "
            "retrying, succeeded, failed, cancelled, declined",
        ),
        (
            "individualization",
            "user: [{when: failed, do: overwrite}]",
            "s:3:27: individualization never asks for 'overwrite'\n  the user can: retry, cancel, consent, refuse",
        ),
    ],
)
def test_what_can_never_happen_is_told(operation: str, rest: str, told: str) -> None:
    assert complaint(operation, rest) == told


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (
            "[failed, blocked]",
            "s:4:28: license_acquisition never ends 'blocked'\n  its ends: succeeded, failed, cancelled, declined",
        ),
        ("blocked", "s:4:19: license_acquisition never ends 'blocked'\n  its ends: succeeded, failed, cancelled, declined"),
        ("[]", "s:4:19: 'outcome' names no end at all\n  its ends: succeeded, failed, cancelled, declined"),
        (
            "failed, requests: {licens: 1}",
            "s:4:38: no exchange is named 'licens'\n  did you mean 'license'? Exchanges: individualization, license, monitor, "
            "revocation, acknowledgement, release, backup, restore",
        ),
        ("failed, requests: {license: -1}", "s:4:47: 'license' cannot be -1\n  write the most requests; 0 for none"),
    ],
)
def test_an_expectation_that_can_never_be_met_is_told(outcome: str, told: str) -> None:
    assert complaint("license_acquisition", "seed: 1", outcome) == told


def test_a_contradiction_with_a_part_that_is_wrong_itself_is_not_guessed_at() -> None:
    told = complaint("license_restor", "faults: [{when: {exchange: license}, fault: denied}]")
    assert told.startswith("s:2:12: 'operation' cannot be 'license_restor'")
    assert "never happen" not in told
    assert told.count("\n") == 1


def test_a_wrong_rule_does_not_shift_the_places_of_the_others() -> None:
    told = complaint(
        "license_acquisition",
        "faults:\n  - {when: {exchange: license}, fault: nonesuch}\n  - {when: {exchange: restore}, fault: denied}",
    )
    assert [line for line in told.split("\n") if line.startswith("s:")] == [
        "s:4:40: no fault is named 'nonesuch'",
        "s:5:23: license_acquisition has no exchange 'restore': this fault would never happen",
    ]
