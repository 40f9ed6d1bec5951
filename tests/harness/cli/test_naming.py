"""``list``, ``explain``, ``schema`` and the help: what there is, said for people and for scripts."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

import harness
from harness.report.listing import KINDS
from tests.harness.cli.invoking import PORTAL, invoke, json_of
from tests.snapshots.snapshot import assert_same

COMMANDS = ("run", "validate", "check", "explore", "list", "explain", "schema", "serve", "proxy", "doctor", "profile")


def test_the_version() -> None:
    assert invoke("--version").stdout == f"drm-harness {harness.__version__}\n"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help(command: str) -> None:
    result = invoke(*command.split(), "--help")
    assert result.exit_code == 0
    assert_same(f"help/{command or 'drm-harness'}.txt", result.stdout)


@pytest.mark.parametrize("kind", KINDS)
def test_every_item_of_a_list_has_the_same_keys(kind: str) -> None:
    items = json_of("list", kind, "--json")
    keys = {tuple(item) for item in items}
    assert len(keys) == 1, keys
    assert_same(f"list/{kind}.keys.txt", "\n".join(keys.pop()) + "\n")


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_for_people_names_what_the_list_for_scripts_does(kind: str) -> None:
    result = invoke("list", kind)
    named = [next(iter(item.values())) for item in json_of("list", kind, "--json")]
    shown = [line.split()[0] for line in result.stdout.splitlines()[1:] if line and not line.startswith(" ")]
    assert (result.exit_code, shown) == (0, named)


@pytest.mark.parametrize("name", ["rate_limited", "NS_E_DRM_NEEDS_INDIVIDUALIZATION", "retry_scheduled"])
def test_an_explanation(name: str) -> None:
    result = invoke("explain", name)
    assert result.exit_code == 0
    assert_same(f"explain/{name}.txt", result.stdout)


def test_a_name_that_two_things_share_is_explained_twice() -> None:
    assert [found["kind"] for found in json_of("explain", "restore_limit", "--json")] == ["fault", "reason"]


def test_a_check_is_explained_with_level_source_needs_and_docstring() -> None:
    (found,) = json_of("explain", "status-004", "--json")
    assert (found["name"], found["kind"]) == ("STATUS-004", "check")
    assert list(found["facts"]) == ["level", "source", "needs", "about"]
    assert len(found["text"]) > len(found["title"])


def test_a_fault_is_explained_with_its_parameters_and_where_it_is_used() -> None:
    (found,) = json_of("explain", "captive_portal", "--json")
    assert PORTAL in found["facts"]["scenarios"]
    assert found["facts"]["presents as"] == "not a license reply"


def test_a_code_is_explained_by_its_value_too() -> None:
    (found,) = json_of("explain", "0xC00D2728", "--json")
    assert found["name"] == "NS_E_DRM_NEEDS_INDIVIDUALIZATION"


@pytest.mark.parametrize("kind", ["scenario", "profile", "protocol"])
def test_a_schema_is_one(kind: str) -> None:
    Draft202012Validator.check_schema(json_of("schema", kind))


def test_the_schema_of_the_protocol_knows_good_messages_from_bad() -> None:
    validator = Draft202012Validator(json_of("schema", "protocol"))
    message = {"jsonrpc": "2.0", "method": "status", "params": {"operation": "license_acquisition", "phase": "started"}}
    assert validator.is_valid(message)
    assert not validator.is_valid(json.loads(json.dumps(message).replace("started", "begun")))
