"""``drm-harness validate``: clients side by side, over real scenarios in virtual time."""

from __future__ import annotations

from pathlib import Path

from tests.harness.cli.invoking import FLAWED, PORTAL, UNDISTURBED, invoke, json_of


def test_an_honest_and_a_flawed_client_side_by_side() -> None:
    result = invoke("validate", "--client", "reference", "--client", FLAWED, PORTAL, UNDISTURBED)
    assert result.exit_code == 1
    matrix = result.stdout.partition("\n\nFAIL: ")[0]
    rows = {line.split()[0]: line.split()[-2:] for line in matrix.splitlines() if line}
    assert rows["STATUS-004"] == ["pass", "FAIL"]
    assert rows["STATUS-003"] == ["pass", "pass"]
    assert rows["all"] == ["pass", "FAIL"]
    assert f"first in  {PORTAL}, at 0." in result.stdout


def test_the_flawed_client_holds_where_its_failure_is_expected(folder: Path) -> None:
    (folder / "known.yaml").write_text(
        "expected:\n  - {scenario: '*', check: STATUS-004, client: success_on_captive_portal, because: seeded}\n"
    )
    words = ["validate", "--client", "reference", "--client", FLAWED, "--expected-failures", "known.yaml", PORTAL]
    result = invoke(*words)
    assert result.exit_code == 0
    assert "expected: failed, as the list of expected failures says" in result.stdout


def test_a_tag_selects_as_it_does_in_a_pattern() -> None:
    by_option = json_of("validate", "--tag", "hotel", "--json")
    by_pattern = json_of("validate", "tag:hotel", "--json")
    assert by_option == by_pattern
    assert len(by_option["runs"]) > 0


def test_the_same_client_twice_has_two_names() -> None:
    found = json_of(
        "validate",
        "--client",
        "reference",
        "--client",
        "reference",
        "--profile",
        "plain",
        "--profile",
        "terse",
        PORTAL,
        "--json",
    )
    assert [one["client"] for one in found["clients"]] == ["plain", "terse"]
    found = json_of("validate", "--client", FLAWED, "--client", FLAWED, UNDISTURBED, "--json")
    assert [one["client"] for one in found["clients"]] == ["success_on_captive_portal", "success_on_captive_portal (2)"]


def test_two_runs_of_one_seed_print_the_same() -> None:
    words = ["validate", "--client", "reference", "--client", FLAWED, "tag:smoke", "--json"]
    assert invoke(*words).stdout == invoke(*words).stdout
