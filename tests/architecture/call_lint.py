"""The call lint: time and chance come from the world, so that one seed makes one trace.

import-linter sees which modules are imported; only a look at the names in use tells ``time.monotonic`` from
``time.struct_time``. A forbidden name counts wherever it is read, not only where it is called: handed on as a default
argument it does the same harm. Refuses to know what a dynamic import or ``getattr`` may reach.

Run by ``make lint``, or by hand: ``python -m tests.architecture.call_lint [folder or file ...]``.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHECKED = ("harness", "fake_servers")

ASK_THE_CLOCK = "take the time from loop.time() or from a Clock that is passed in"
WAIT_ON_THE_LOOP = "wait on the event loop, whose time may be virtual"
DRAW_FROM_THE_SEED = "draw from a random.Random that is passed in"

# fmt: off
FORBIDDEN = {
    "time.time":                   ASK_THE_CLOCK,
    "time.time_ns":                ASK_THE_CLOCK,
    "time.monotonic":              ASK_THE_CLOCK,
    "time.monotonic_ns":           ASK_THE_CLOCK,
    "time.perf_counter":           ASK_THE_CLOCK,
    "time.perf_counter_ns":        ASK_THE_CLOCK,
    "time.clock_gettime":          ASK_THE_CLOCK,
    "datetime.datetime.now":       ASK_THE_CLOCK,
    "datetime.datetime.utcnow":    ASK_THE_CLOCK,
    "datetime.datetime.today":     ASK_THE_CLOCK,
    "datetime.date.today":         ASK_THE_CLOCK,
    "time.sleep":                  WAIT_ON_THE_LOOP,
    "random.*":                    DRAW_FROM_THE_SEED,
    "secrets.*":                   DRAW_FROM_THE_SEED,
    "os.urandom":                  DRAW_FROM_THE_SEED,
    "os.getrandom":                DRAW_FROM_THE_SEED,
    "ssl.RAND_bytes":              DRAW_FROM_THE_SEED,
    "uuid.uuid1":                  DRAW_FROM_THE_SEED,
    "uuid.uuid4":                  DRAW_FROM_THE_SEED,
}

# Deterministic with an argument; without one these ask the machine.
NEEDS_AN_ARGUMENT = {
    "random.Random":               DRAW_FROM_THE_SEED,
    "time.gmtime":                 ASK_THE_CLOCK,
    "time.localtime":              ASK_THE_CLOCK,
    "time.ctime":                  ASK_THE_CLOCK,
    "email.utils.formatdate":      ASK_THE_CLOCK,
}

# A folder ends in "/". A file belongs here only if it is where time or chance enters; else pass them in.
ALLOWED = {
    "harness/world/":              "the world is where time and chance come from",
    "fake_servers/clock.py":       "the clock of fake servers that run without a world",
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Finding:
    """One forbidden use: ``line`` counts from 1, ``name`` is the full name whatever alias the file gave it."""

    line: int
    name: str
    advice: str

    def __str__(self) -> str:
        return f"{self.line}: {self.name}: {self.advice}"


def findings(source: str) -> list[Finding]:
    """Every forbidden use in one module's text, in the order of its lines.

    Raises:
        SyntaxError: ``source`` is not Python.
    """
    tree = ast.parse(source)
    names = _imported_names(tree)
    return sorted(_uses(tree, names), key=lambda finding: (finding.line, finding.name))


def is_allowed(path: str) -> bool:
    """Whether ``path``, relative to the project's root, may use time and chance."""
    return any(path.startswith(place) if place.endswith("/") else path == place for place in ALLOWED)


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: ``from time import monotonic as m`` gives ``{"m": "time.monotonic"}``."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _uses(tree: ast.Module, names: dict[str, str]) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            if advice := _advice_on_module(node.module or ""):
                yield Finding(node.lineno, f"{node.module}.*", advice)
        elif isinstance(node, ast.Call) and not node.args and not node.keywords:
            name = _full_name(node.func, names)
            if name in NEEDS_AN_ARGUMENT:
                yield Finding(node.lineno, f"{name}() without an argument", NEEDS_AN_ARGUMENT[name])
        elif isinstance(node, ast.Name | ast.Attribute):
            name = _full_name(node, names)
            if advice := _advice(name):
                yield Finding(node.lineno, name, advice)


def _full_name(node: ast.expr, names: dict[str, str]) -> str:
    """``dt.date.today`` as ``datetime.date.today``; empty for anything that no import explains."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = _full_name(node.value, names)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _advice(name: str) -> str:
    if name in NEEDS_AN_ARGUMENT:
        return ""
    module, _, member = name.rpartition(".")
    return FORBIDDEN.get(name, "") or (FORBIDDEN.get(f"{module}.*", "") if member else "")


def _advice_on_module(module: str) -> str:
    """Advice for ``from module import *`` when any name of that module is forbidden."""
    return next((advice for name, advice in FORBIDDEN.items() if name.rpartition(".")[0] == module), "")


def main(arguments: list[str]) -> int:
    """Print ``file:line: message`` for each finding; 1 if there is any, else 0."""
    places = [Path(argument) for argument in arguments] or [ROOT / folder for folder in CHECKED]
    files = [file for place in places for file in (sorted(place.rglob("*.py")) if place.is_dir() else [place])]
    count = 0
    for file in files:
        path = file.resolve()
        shown = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(file)
        if is_allowed(shown):
            continue
        for finding in findings(path.read_text(encoding="utf-8")):
            print(f"{shown}:{finding}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
