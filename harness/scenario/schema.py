"""JSON Schemas (draft 2020-12) of scenarios and profiles, for editors: made from the models, so that they never drift.

They say what can be said without looking around: contradictions between parts are the loader's business.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

import fake_servers.faults  # noqa: F401 - importing it registers the house's faults
from fake_servers.faults.base import FAULTS, Fault, Layer
from harness.scenario.fields import keys_of, model_in, summary_of, texts_of
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def scenario_schema() -> Schema:
    """What a scenario file may hold; each fault with its own parameters."""
    schema = _schema(Scenario, "A drm-harness scenario")
    definitions = schema["$defs"]
    definitions |= _moments(definitions.pop("When"))
    del definitions["Fault"]
    definitions["Rule"] = {
        "description": "One fault and the moment it waits for.",
        "type": "object",
        "required": ["when", "fault"],
        "oneOf": [{"$ref": f"#/$defs/{_definition_of(name)}"} for name in sorted(FAULTS)],
    }
    for name in sorted(FAULTS):
        rule, more = _rule(FAULTS[name])
        definitions |= {_definition_of(name): rule, **more}
    definitions["UserAction"]["oneOf"] = [{"required": ["when"]}, {"required": ["at"]}]
    return schema


def profile_schema() -> Schema:
    """What a profile file may hold."""
    return _schema(Profile, "A drm-harness profile")


def _definition_of(fault: str) -> str:
    return f"fault_{fault}"


def _rule(fault: type[Fault]) -> tuple[Schema, Schema]:
    """A rule with this fault, flat as it is written; and the definitions that its parameters refer to."""
    schema = _schema(fault, fault.name)
    early = fault.layer in (Layer.CONNECT, Layer.TLS)
    properties = {
        "when": {"$ref": "#/$defs/AtConnection" if early else "#/$defs/AtExchange"},
        "fault": {"const": fault.name},
        **schema.get("properties", {}),
    }
    rule = {
        "description": schema["description"],
        "type": "object",
        "properties": properties,
        "required": ["when", "fault", *schema.get("required", [])],
        "additionalProperties": False,
    }
    return rule, schema.get("$defs", {})


def _moments(when: Schema) -> Schema:
    """The two ways to address a fault, each with its own keys of ``when``."""

    def keys(names: tuple[str, ...], required: tuple[str, ...], more: Schema) -> Schema:
        properties = {name: _without_null(when["properties"][name]) for name in names}
        return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False} | more

    one_way = {"oneOf": [{"required": ["connection"]}, {"required": ["from", "for"]}]}
    return {
        "AtExchange": {"description": "A request."} | keys(("exchange", "nth"), ("exchange",), {}),
        "AtConnection": {"description": "A connection, or a time."}
        | keys(("service", "connection", "from", "for"), ("service",), one_way),
    }


def _without_null(schema: Schema) -> Schema:
    """Inside a rule a key that says nothing is left out, rather than null."""
    kept = [branch for branch in schema.get("anyOf", []) if branch != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**kept[0], **rest} if len(kept) == 1 else {**rest, **({"anyOf": kept} if kept else {})}


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
