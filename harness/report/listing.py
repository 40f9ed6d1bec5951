"""What there is, kind by kind: plain values with stable keys, and the table that shows the most telling of them."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

import harness.adapters
import harness.checks  # noqa: F401  # registers the house's checks
from fake_servers.dialects import DIALECTS
from fake_servers.faults.base import FAULTS
from harness.adapters.registry import ADAPTERS, BUILT_IN, EXAMPLES
from harness.checks.registry import CHECKS
from harness.errors import ScenarioError
from harness.operations.catalogue import OPERATIONS
from harness.operations.modern_names import MODERN_NAMES
from harness.report.plain_text import plain
from harness.scenario.library import find, scenario_name
from harness.scenario.load import load_profile, load_scenario, networks, profile_names
from harness.status.code import CODES
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason

Item = dict[str, Any]


def scenarios() -> list[Item]:
    """The scenarios that come with the harness. One that cannot be read has a ``problem`` instead of all else."""
    return [_scenario_item(file) for file in find([])]


def _scenario_item(file: Path) -> Item:
    name = scenario_name(file)
    try:
        scenario = load_scenario(file)
    except ScenarioError as error:
        return {"name": name, "problem": error.problems[0]}
    return {
        "name": name,
        "about": scenario.about,
        "operation": scenario.operation.value,
        "dialect": scenario.dialect,
        "tags": list(scenario.tags),
        "faults": list(dict.fromkeys(rule.fault.name for rule in scenario.faults)),
        "networks": sorted(networks(scenario)),
        "seed": scenario.seed,
        "source": scenario.source,
    }


def faults() -> list[Item]:
    """The faults by name, layer after layer."""
    by_layer = sorted(FAULTS.items(), key=lambda named: (LAYER_ORDER.index(named[1].layer.value), named[0]))
    return [
        {
            "name": name,
            "layer": fault.layer.value,
            "about": summary(fault.__doc__),
            "parameters": list(fault.model_fields),
            "networks": sorted(fault.reach),
        }
        for name, fault in by_layer
    ]


def checks() -> list[Item]:
    """The checks in order of their ids."""
    return [
        {
            "id": check.id,
            "title": check.title,
            "level": check.level,
            "source": check.source,
            "needs": sorted(check.needs),
            "operations": [operation.value for operation in Operation if operation in check.operations],
        }
        for check in sorted(CHECKS.values(), key=lambda check: check.id)
    ]


def operations() -> list[Item]:
    """The five operations, with today's names."""
    return [
        {
            "name": operation.value,
            "about": summary(importlib.import_module(f"harness.operations.{operation.value}").__doc__),
            "states": list(lifecycle.states),
            "triggers": list(lifecycle.triggers),
            "says": list(dict.fromkeys(row.says.value for row in lifecycle.rows if row.says)),
            "eme": MODERN_NAMES[operation].eme,
            "android": MODERN_NAMES[operation].android,
            "playready": MODERN_NAMES[operation].playready,
        }
        for operation, lifecycle in OPERATIONS.items()
    ]


def phases() -> list[Item]:
    """What a client can say it is doing."""
    return [{"name": phase.value, "meaning": phase.meaning, "settles": phase.settles} for phase in Phase]


def reasons() -> list[Item]:
    """What a client can say went wrong."""
    return [{"name": r.value, "meaning": r.meaning, "advice": r.advice.value, "retryable": r.retryable} for r in Reason]


def codes() -> list[Item]:
    """The result codes."""
    return [
        {
            "name": code.name,
            "value": f"0x{code.value:08X}",
            "meaning": code.meaning,
            "advice": code.advice.value,
            "ending": code.ending.value,
            "retryable": code.retryable,
        }
        for code in CODES
    ]


def dialects() -> list[Item]:
    """The wire formats."""
    return [
        {
            "name": name,
            "about": summary(type(dialect).__doc__),
            "exchanges": sorted(exchange.value for exchange in dialect.exchanges),
            "invented": sorted(exchange.value for exchange in dialect.invented),
        }
        for name, dialect in DIALECTS.items()
    ]


def adapters() -> list[Item]:
    """How a client is named on the command line."""
    built_in = [{"name": name, "about": "comes with drm-harness", "example": name} for name in BUILT_IN]
    return built_in + [
        {
            "name": name,
            "about": summary(importlib.import_module(factory.__module__).__doc__),
            "example": EXAMPLES.get(name, f"{name}:…"),
        }
        for name, factory in ADAPTERS.items()
    ]


def profiles() -> list[Item]:
    """The profiles that come with the harness."""
    return [
        {
            "name": name,
            "about": profile.about,
            "operations": [operation.value for operation in profile.operations],
            "dialects": list(profile.dialects),
        }
        for name, profile in ((name, load_profile(name)) for name in profile_names())
    ]


LAYER_ORDER = ("connect", "tls", "bytes", "http", "service")

KINDS: Mapping[str, tuple[Callable[[], list[Item]], tuple[str, ...]]] = {
    # kind        made by      columns of the table
    "scenarios": (scenarios, ("name", "about")),
    "faults": (faults, ("name", "layer", "about")),
    "checks": (checks, ("id", "level", "title")),
    "operations": (operations, ("name", "about")),
    "phases": (phases, ("name", "settles", "meaning")),
    "reasons": (reasons, ("name", "advice", "meaning")),
    "codes": (codes, ("name", "value", "meaning")),
    "dialects": (dialects, ("name", "exchanges", "about")),
    "adapters": (adapters, ("name", "example", "about")),
    "profiles": (profiles, ("name", "operations", "about")),
}
"""What can be listed. ``--json`` gives every key; keys are only ever added."""


def listing(kind: str, items: list[Item]) -> Table:
    """The items as a table: a line each, unless a text is long."""
    columns = KINDS[kind][1]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0, overflow="fold")
    for item in items:
        table.add_row(*(Text(cell(column, item)) for column in columns))
    return table


def cell(column: str, item: Item) -> str:
    """A value as a table shows it; of a description, its first sentence."""
    value = item.get(column, item.get("problem", "") if column == "about" else "")
    match value:
        case bool():
            return "yes" if value else ""
        case list():
            return ", ".join(map(str, value))
    tags = f"  [{', '.join(item['tags'])}]" if column == "about" and item.get("tags") else ""
    return plain(summary(value) if column == "about" else str(value)) + tags


def summary(docstring: str | None) -> str:
    """The first sentence of a docstring, on one line."""
    paragraph = " ".join(inspect.cleandoc(docstring or "").split("\n\n")[0].split())
    first, stop, _ = paragraph.partition(". ")
    return (first + stop.rstrip()).replace("``", "")
