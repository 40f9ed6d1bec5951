"""What editors are told about scenarios and profiles is what the loader thinks of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from fake_servers.faults.base import FAULTS
from harness.scenario.library import find
from harness.scenario.load import PROFILES
from harness.scenario.schema import profile_schema, scenario_schema

SCENARIO = Draft202012Validator(scenario_schema())
PROFILE = Draft202012Validator(profile_schema())
GOOD: dict[str, Any] = {
    "about": "A renewal on a train.",
    "operation": "license_acquisition",
    "expect": {"outcome": "succeeded"},
}


def test_the_schemas_are_schemas_and_plain_json_and_the_same_each_time() -> None:
    for schema in (scenario_schema(), profile_schema()):
        Draft202012Validator.check_schema(schema)
        assert json.loads(json.dumps(schema)) == schema
    reasons = profile_schema()["$defs"]["RetryPolicy"]["properties"]["reasons"]
    assert reasons["default"] == sorted(reasons["default"])  # of a set, which each process orders anew


def value_of(path: Path) -> object:
    """As an editor reads it."""
    return YAML(typ="safe", pure=True).load(path)


def test_every_scenario_and_profile_that_comes_with_the_harness_is_valid() -> None:
    for path in find([]):
        SCENARIO.validate(value_of(path))
    for path in PROFILES.glob("*.yaml"):
        PROFILE.validate(value_of(path))


RESET = {"fault": "reset_after", "after_bytes": "3 bytes"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"about": "short"},
        {"operation": "license_aquisition"},
        {"name": "chosen"},
        {"sed": 1},
        {"expect": {}},
        {"expect": {"outcome": "won"}},
        {"world": {"limit": 30}},
        {"world": {"limit": "30"}},
        {"tags": "smoke"},
        {"given": {"url_trust": "doubtful"}},
        {"settings": {"restore_order": "begin"}},
        {"user": [{"when": "failed"}]},
        {"user": [{"when": "failed", "at": "1 s", "do": "retry"}]},
        {"user": [{"do": "retry"}]},
        {"faults": [RESET]},
        {"faults": [{"when": {"exchange": "license"}, "fault": "reset_aftr"}]},
        {"faults": [{"when": {"exchange": "license"}, "fault": "reset_after"}]},
        {"faults": [{"when": {"exchange": "license"}, "fault": "reset_after", "after_bytes": 3}]},
        {"faults": [{"when": {"exchange": "license"}, **RESET, "status": 503}]},
        {"faults": [{"when": {"exchange": "licence"}, **RESET}]},
        {"faults": [{"when": {"exchange": "license", "connection": 1}, **RESET}]},
        {"faults": [{"when": {"service": "license", "connection": 1}, **RESET}]},
        {"faults": [{"when": {"exchange": "license"}, "fault": "refused"}]},
        {"faults": [{"when": {"service": "license", "from": "1 s"}, "fault": "refused"}]},
        {"faults": [{"when": {"service": "license", "from_s": "1 s", "for_s": "1 s"}, "fault": "refused"}]},
        {"faults": [{"when": {"exchange": "license"}, "fault": "status", "status": 200}]},
        {"faults": [{"when": {"exchange": "license"}, "fault": "redirect_loop", "status": 300}]},
    ],
)
def test_a_broken_scenario_is_not_valid(wrong: dict[str, Any]) -> None:
    assert SCENARIO.is_valid(GOOD)
    assert not SCENARIO.is_valid({**GOOD, **wrong})


@pytest.mark.parametrize("wrong", [{"name": None}, {"retry": {"attempts": 0}}, {"silence": 30}, {"phases": ["busy"]}, {"x": 1}])
def test_a_broken_profile_is_not_valid(wrong: dict[str, Any]) -> None:
    assert PROFILE.is_valid({"name": "mine"})
    assert not PROFILE.is_valid({"name": "mine", **wrong})


def test_each_fault_stands_in_the_schema_with_its_own_sentence_for_every_parameter() -> None:
    definitions = scenario_schema()["$defs"]
    assert {definitions[each["$ref"].removeprefix("#/$defs/")]["properties"]["fault"]["const"]
            for each in definitions["Rule"]["oneOf"]} == set(FAULTS)  # fmt: skip
    for name, kind in FAULTS.items():
        properties = definitions[f"fault_{name}"]["properties"]
        assert set(properties) == {"when", "fault", *kind.model_fields}
        assert all(properties[field].get("description") for field in kind.model_fields), name


def test_every_key_of_a_scenario_and_a_profile_is_described() -> None:
    for schema in (scenario_schema(), profile_schema()):
        bare = [key for key, value in schema["properties"].items() if not value.get("description")]
        assert not bare
