"""The circles in which modules import each other: by any import, also one within a function or meant for type checkers only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

Imports = dict[str, set[str]]
"""What each module imports of the others."""


def imports_of(root: Path, packages: tuple[str, ...]) -> Imports:
    """The imports among all modules of ``packages``, which lie in ``root``."""
    files = {_name(file.relative_to(root)): file for package in packages for file in (root / package).rglob("*.py")}
    return {module: {*_imported(module, file, files)} - {module} for module, file in files.items()}


def _name(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(module: str, file: Path, files: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
                base = ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in files else base for alias in node.names]
        for name in names:
            yield from _run_by(module, name, files)


def _run_by(module: str, name: str, files: dict[str, Path]) -> Iterator[str]:
    """What importing ``name`` runs: the module, and each package around it that is not around the importer as well."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        part = ".".join(parts[:length])
        if part in files and (length == len(parts) or not f"{module}.".startswith(f"{part}.")):
            yield part


def circles(imports: Imports) -> list[list[str]]:
    """Each set of modules that all lead to each other, sorted."""
    reach = {module: _reached_from(module, imports) for module in imports}
    found = {tuple(sorted(other for other in reach[module] if module in reach[other])) for module in imports}
    return [list(circle) for circle in sorted(found) if circle]


def _reached_from(module: str, imports: Imports) -> set[str]:
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        for name in imports[waiting.pop()] - seen:
            seen.add(name)
            waiting.append(name)
    return seen
