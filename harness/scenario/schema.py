"""JSON Schemas (draft 2020-12) of scenarios and profiles, for editors: made from the models, so that they never drift.

They say what can be said without looking around: contradictions between parts are the loader's business.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

import fake_servers.faults  # noqa: F401 - importing it registers the house's faults
from fake_servers.faults.base import FAULTS
from fake_servers.faults.script_schema import definition_of, moments, rule_schema
from harness.device.event import EVENTS
from harness.scenario.device_entries import MOMENT
from harness.scenario.fields import keys_of, model_in, summary_of, texts_of
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def scenario_schema() -> Schema:
    """What a scenario file may hold; each fault with its own parameters."""
    schema = _schema(Scenario, "A drm-harness scenario")
    definitions = schema["$defs"]
    definitions |= moments(definitions.pop("When"))
    del definitions["Fault"]
    definitions["Rule"] = {
        "description": "One fault and the moment it waits for.",
        "type": "object",
        "required": ["when", "fault"],
        "oneOf": [{"$ref": f"#/$defs/{definition_of(name)}"} for name in sorted(FAULTS)],
    }
    for name in sorted(FAULTS):
        parameters = _schema(FAULTS[name], name)
        definitions |= {definition_of(name): rule_schema(FAULTS[name], parameters), **parameters.get("$defs", {})}
    moment = definitions.pop("DeviceStep")
    del definitions["DeviceEvent"]
    definitions["DeviceStep"] = {
        "description": moment["description"],
        "type": "object",
        "required": ["event"],
        "oneOf": [{"$ref": f"#/$defs/{_event_definition(name)}"} for name in sorted(EVENTS)],
    }
    for name in sorted(EVENTS):
        definitions[_event_definition(name)] = _step_schema(moment, _schema(EVENTS[name], name), name)
    definitions["UserAction"]["oneOf"] = [{"required": ["when"]}, {"required": ["at"]}]
    return schema


def _event_definition(event: str) -> str:
    return f"device_event_{event}"


def _step_schema(moment: Schema, parameters: Schema, event: str) -> Schema:
    """A step with this event, flat as it is written."""
    own = {key: moment["properties"][key] for key in MOMENT}
    return {
        "description": parameters["description"],
        "type": "object",
        "properties": {**own, "event": {"const": event}, **parameters.get("properties", {})},
        "required": ["event", *parameters.get("required", [])],
        "oneOf": [{"required": ["when"]}, {"required": ["at"]}],
        "additionalProperties": False,
    }


def profile_schema() -> Schema:
    """What a profile file may hold."""
    return _schema(Profile, "A drm-harness profile")


# ── descriptions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _schema(model: type[BaseModel], title: str) -> Schema:
    schema = model.model_json_schema(by_alias=True)
    models = _models_in(model)
    for name, definition in schema.get("$defs", {}).items():
        _describe(definition, models.get(name))
    _describe(schema, model)
    return {"$schema": DIALECT, **schema, "title": title}


def _describe(schema: Schema, model: type[BaseModel] | None) -> None:
    """Titles that only repeat a key go; descriptions come from the docstrings; what the loader fills in goes."""
    schema.pop("title", None)
    if model is None:
        return
    schema["description"] = _plain(summary_of(model))
    texts, keys = texts_of(model), keys_of(model)
    properties = schema.get("properties", {})
    for key in list(properties):
        properties[key].pop("title", None)
        _steady_default(properties[key])
        if key in texts:
            properties[key]["description"] = _plain(texts[key])
        if key not in keys:
            del properties[key]


def _steady_default(schema: Schema) -> None:
    """A set has no order of its own, and a default that is a whole mapping stands with that mapping's own keys."""
    if isinstance(schema.get("default"), dict):
        del schema["default"]
    elif schema.get("uniqueItems") and "default" in schema:
        schema["default"].sort()


def _plain(text: str) -> str:
    """Editors show descriptions as they are, or as Markdown; both know a single backtick."""
    return text.replace("``", "`")


def _models_in(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The model and all that its fields hold, by name."""
    found = {model.__name__: model}
    for info in keys_of(model).values():
        inner = model_in(info.annotation)
        if inner is not None and inner.__name__ not in found:
            found |= _models_in(inner)
    return found
