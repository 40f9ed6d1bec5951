"""``drm-harness schema``: JSON Schemas for editors and for clients in other languages."""

from __future__ import annotations

from typing import Any

import click
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from harness.adapters.messages import FROM_CLIENT, FROM_HARNESS, InitializeResult, RightsResult
from harness.report.json_report import json_text
from harness.scenario.schema import DIALECT, profile_schema, scenario_schema


def protocol_schema() -> dict[str, Any]:
    """The messages between the harness and a client program, one a line (docs/client-protocol.md)."""
    models: list[type[BaseModel]] = [*FROM_HARNESS, *FROM_CLIENT, InitializeResult, RightsResult]
    _, schema = models_json_schema([(model, "validation") for model in models], ref_template="#/$defs/{model}")
    sides = {
        side: {"anyOf": [{"$ref": f"#/$defs/{model.__name__}"} for model in messages]}
        for side, messages in (("FromHarness", FROM_HARNESS), ("FromClient", FROM_CLIENT))
    }
    return {
        "$schema": DIALECT,
        "title": "A message of the drm-harness client protocol",
        "anyOf": [{"$ref": f"#/$defs/{side}"} for side in sides],
        "$defs": {**sides, **schema["$defs"]},
    }


SCHEMAS = {"scenario": scenario_schema, "profile": profile_schema, "protocol": protocol_schema}


@click.command("schema")
@click.argument("kind", type=click.Choice(list(SCHEMAS)), default="scenario")
def command(kind: str) -> None:
    """Print the JSON Schema of scenario files, of profiles, or of the messages of client programs.

    \b
    For example, at the top of a scenario file:
      # yaml-language-server: $schema=scenario.schema.json
    """
    click.echo(json_text(SCHEMAS[kind]()))
