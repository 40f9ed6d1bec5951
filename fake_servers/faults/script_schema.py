"""JSON Schema (draft 2020-12) of a script's rules as data: flat, each fault with its own parameters.

They say what can be said without looking around: whether a fault goes with a dialect or a session is not said here.
"""

from __future__ import annotations

from typing import Any

from fake_servers.faults.base import Fault, Layer

Schema = dict[str, Any]


def definition_of(fault: str) -> str:
    """The name of the definition of a rule with this fault."""
    return f"fault_{fault}"


def rule_schema(fault: type[Fault], parameters: Schema) -> Schema:
    """A rule with this fault, flat as it is written; ``parameters`` is the schema of the fault itself."""
    early = fault.layer in (Layer.CONNECT, Layer.TLS)
    properties = {
        "when": {"$ref": "#/$defs/AtConnection" if early else "#/$defs/AtExchange"},
        "fault": {"const": fault.name},
        **parameters.get("properties", {}),
    }
    return {
        "description": parameters["description"],
        "type": "object",
        "properties": properties,
        "required": ["when", "fault", *parameters.get("required", [])],
        "additionalProperties": False,
    }


def moments(when: Schema) -> Schema:
    """The two ways to address a fault, each with its own keys of ``when``."""

    def keys(names: tuple[str, ...], required: tuple[str, ...], more: Schema) -> Schema:
        properties = {name: _without_null(when["properties"][name]) for name in names}
        return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False} | more

    one_way = {"oneOf": [{"required": ["connection"]}, {"required": ["from", "for"]}]}
    return {
        "AtExchange": {"description": "A request."}
        | keys(
            ("exchange", "nth", "from", "for", "probability", "waiting_more_than"),
            ("exchange",),
            {"dependentRequired": {"from": ["for"]}},
        ),
        "AtConnection": {"description": "A connection, or a time."}
        | keys(("service", "connection", "from", "for"), ("service",), one_way),
    }


def _without_null(schema: Schema) -> Schema:
    """Inside a rule a key that says nothing is left out, rather than null."""
    kept = [branch for branch in schema.get("anyOf", []) if branch != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**kept[0], **rest} if len(kept) == 1 else {**rest, **({"anyOf": kept} if kept else {})}
