"""``drm-harness schema``: JSON Schemas for editors and for clients in other languages."""

from __future__ import annotations

import click

from harness.adapters.message_schema import protocol_schema
from harness.report.json_report import json_text
from harness.scenario.schema import profile_schema, scenario_schema

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
