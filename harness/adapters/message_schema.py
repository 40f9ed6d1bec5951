"""The messages between the harness and a client program as JSON Schema, for clients in other languages."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from harness.adapters.messages import FROM_CLIENT, FROM_HARNESS, PROTOCOL, InitializeResult, RightsResult
from harness.scenario.schema import DIALECT

Schema = dict[str, Any]

DIRECTIONS: dict[str, tuple[type[BaseModel], ...]] = {"FromHarness": FROM_HARNESS, "FromClient": FROM_CLIENT}
RESULTS = (InitializeResult, RightsResult)


def protocol_schema() -> Schema:
    """Any message; ``$defs/FromHarness`` and ``$defs/FromClient`` are the two directions."""
    shapes: dict[type[BaseModel], None] = dict.fromkeys([*FROM_HARNESS, *FROM_CLIENT, *RESULTS])
    _, schema = models_json_schema([(shape, "validation") for shape in shapes])
    definitions: Schema = schema["$defs"]
    del definitions["StatusMessage"]["properties"]["at"]  # stamped by the harness
    for definition in definitions.values():
        _make_steady(definition)
    return {
        "$schema": DIALECT,
        "title": f"A message of the drm-harness client protocol, version {PROTOCOL}",
        "anyOf": [{"$ref": f"#/$defs/{direction}"} for direction in DIRECTIONS],
        "$defs": {
            **{direction: {"anyOf": [_reference(shape) for shape in among]} for direction, among in DIRECTIONS.items()},
            **{name: definitions[name] for name in sorted(definitions)},
        },
    }


def _reference(shape: type[BaseModel]) -> Schema:
    return {"$ref": f"#/$defs/{shape.__name__}"}


def _make_steady(definition: Schema) -> None:
    """The same text each time: a set has no order of its own, and the default of a whole mapping stands with its own keys."""
    definition.pop("title", None)
    for property_ in definition.get("properties", {}).values():
        property_.pop("title", None)
        if isinstance(property_.get("default"), dict):
            del property_["default"]
        elif property_.get("uniqueItems") and "default" in property_:
            property_["default"] = sorted(property_["default"])
