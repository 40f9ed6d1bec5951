"""Scenarios back to YAML, so that what a search has found is a file like any other."""

from __future__ import annotations

from io import StringIO

from ruamel.yaml import YAML

from harness.scenario.model import Scenario

WIDTH = 128


def scenario_text(scenario: Scenario) -> str:
    """The YAML text that reads back as this scenario; what is as by default is left out, and its name is its file's."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"name"})
    yaml = YAML(typ="safe", pure=True)
    yaml.width, yaml.sort_base_mapping_type_on_output = WIDTH, False  # type: ignore[assignment]  # ruamel's own default is None
    yaml.default_flow_style = None
    text = StringIO()
    yaml.dump(data, text)
    return text.getvalue()
