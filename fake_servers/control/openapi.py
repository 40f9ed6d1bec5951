"""The OpenAPI 3.1 document: made of the route table and the models, so that it cannot say anything else than they do."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from fake_servers.control import bodies
from fake_servers.control.problem import MEDIA_TYPE as PROBLEM
from fake_servers.control.problem import TITLES, ProblemBody
from fake_servers.control.routes import ROUTES, Route
from fake_servers.dialects import DIALECTS
from fake_servers.faults.base import FAULTS
from fake_servers.faults.script import When
from fake_servers.faults.script_schema import definition_of, moments, rule_schema

Schema = dict[str, Any]
Models = Mapping[Any, Schema]
"""A reference to the schema of each model, by the model and by what it is used for."""

COMPONENTS = "#/components/schemas/"
ABOUT = """\
Control of fake license services that are up for a device to use. A session has services at addresses of its own, a fault
script, a log of what came over the wire, and the truth of what happened. Refusals are problem details (RFC 9457), each with
what to do.
"""


def document(url: str, *, wants_token: bool) -> Schema:
    """The document of an API that begins at ``url``.

    Args:
        wants_token: Callers have to show a token.
    """
    models, schemas = _schemas()
    paths: Schema = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, models, wants_token)
    components: Schema = {"schemas": schemas}
    if wants_token:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "drm-harness serve", "version": _version(), "description": ABOUT},
        "servers": [{"url": url}],
        "paths": paths,
        "components": components,
        **({"security": [{"token": []}]} if wants_token else {}),
    }


# ── an operation ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _operation(route: Route, models: Models, wants_token: bool) -> Schema:
    about = inspect.getdoc(route.answer) or ""
    operation: Schema = {
        "operationId": route.answer.__name__,
        "summary": about.partition("\n")[0],
        "parameters": [*_places(route), *_query(route)],
        "responses": {str(route.status): _answer(route, models)} | _refusals(route, wants_token),
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": models[route.body, "validation"]}},
        }
    if route.for_all and wants_token:
        operation["security"] = []
    return operation


def _places(route: Route) -> list[Schema]:
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"$ref": f"{COMPONENTS}SessionName"}} for name in names]


def _query(route: Route) -> list[Schema]:
    if route.query is None:
        return []
    properties = route.query.model_json_schema()["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "description": schema.pop("description"),
            "schema": _without_null({key: value for key, value in schema.items() if key != "title"}),
        }
        for name, schema in properties.items()
    ]


def _without_null(schema: Schema) -> Schema:
    """A parameter that says nothing is left out."""
    kept = [branch for branch in schema.get("anyOf", []) if branch != {"type": "null"}]
    return kept[0] if len(kept) == 1 else schema


def _answer(route: Route, models: Models) -> Schema:
    if route.gives is None:
        return {"description": "Done."}
    if isinstance(route.gives, str):
        schema = {"type": "object"} if route.gives == "application/json" else {"type": "string"}
        return {"description": "Done.", "content": {route.gives: {"schema": schema}}}
    return {"description": "Done.", "content": {"application/json": {"schema": models[route.gives, "serialization"]}}}


def _refusals(route: Route, wants_token: bool) -> Schema:
    kinds = ["malformed", "foreign-page", "not-valid", *route.refuses]
    if "{session}" in route.path or route.query is bodies.EventsQuery:
        kinds.append("no-such-session")
    if route.body is not None:
        kinds += ["too-slow", "too-large", "wrong-media-type"]
    if not wants_token:
        kinds.append("wrong-host")
    elif not route.for_all:
        kinds.append("no-token")
    said: dict[int, list[str]] = {}
    for kind, (status, title) in TITLES.items():
        if kind in kinds:
            said.setdefault(status, []).append(f"{title} (`{kind}`).")
    content = {PROBLEM: {"schema": {"$ref": f"{COMPONENTS}ProblemBody"}}}
    return {str(status): {"description": " ".join(titles), "content": content} for status, titles in said.items()}


# ── schemas ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _schemas() -> tuple[Models, Schema]:
    """References to the models' schemas, and the schemas."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(ProblemBody, "serialization")]
    for route in ROUTES:
        if route.body is not None:
            wanted.append((route.body, "validation"))
        if route.gives is not None and not isinstance(route.gives, str):
            wanted.append((route.gives, "serialization"))
    models, definitions = models_json_schema(list(dict.fromkeys(wanted)), ref_template=COMPONENTS + "{model}")
    schemas: Schema = definitions["$defs"]
    schemas["SessionName"] = {"type": "string", "pattern": bodies.SESSION_PATTERN}
    schemas["Dialect"] = {"enum": sorted(DIALECTS)}
    schemas |= _script_schemas()
    for schema in schemas.values():
        _tidy(schema)
    return models, schemas


def _script_schemas() -> Schema:
    when = When.model_json_schema()
    schemas = moments(when)
    schemas["Exchange"] = when["$defs"]["Exchange"]
    for name in sorted(FAULTS):
        parameters = FAULTS[name].model_json_schema()
        schemas |= parameters.get("$defs", {})
        schemas[definition_of(name)] = rule_schema(FAULTS[name], parameters)
    schemas["Rule"] = {
        "description": "One fault and the moment it waits for.",
        "type": "object",
        "required": ["when", "fault"],
        "oneOf": [{"$ref": COMPONENTS + definition_of(name)} for name in sorted(FAULTS)],
    }
    return schemas


def _tidy(schema: Any) -> None:
    """References that lead to components, first paragraphs of docstrings, no titles that only repeat a key."""
    if isinstance(schema, list):
        for item in schema:
            _tidy(item)
    elif isinstance(schema, dict):
        if isinstance(name := schema.pop(bodies.SEE, None), str):
            schema["$ref"] = COMPONENTS + name
        if isinstance(reference := schema.get("$ref"), str):
            schema["$ref"] = reference.replace("#/$defs/", COMPONENTS)
        if isinstance(about := schema.get("description"), str):
            schema["description"] = " ".join(about.partition("\n\n")[0].replace("``", "`").split())
        if isinstance(schema.get("title"), str):
            del schema["title"]
        for key, item in schema.items():
            if key != "default":
                _tidy(item)


def _version() -> str:
    try:
        return version("drm-harness")
    except PackageNotFoundError:  # run from a checkout
        return "0"
