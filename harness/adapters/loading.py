"""From ``module:Name`` or ``path/file.py:Name`` to the Python object of that name."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from harness.adapters.exceptions import describe
from harness.errors import AdapterError


def loaded(target: str) -> Any:
    """The object that ``target`` names.

    The working folder and, for a file, its own folder become importable, after everything that is importable already.

    Raises:
        AdapterError: It is written wrongly, the file or module is not found or raises, or holds no such name.
    """
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name.isidentifier():
        raise AdapterError(f"python:{target}: write python:module:Name or python:path/file.py:Name")
    _make_importable(Path.cwd())
    is_file = place.endswith(".py") or "/" in place
    try:
        module = _from_file(Path(place)) if is_file else importlib.import_module(place)
    except AdapterError:
        raise
    except (Exception, SystemExit) as error:
        raise AdapterError(f"python:{target}: importing {place} failed: {describe(error)}") from error
    if not hasattr(module, name):
        near = difflib.get_close_matches(name, [n for n in vars(module) if not n.startswith("_")], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise AdapterError(f"python:{target}: {place} holds no {name!r}{hint}")
    return getattr(module, name)


def _from_file(path: Path) -> ModuleType:
    """The module in the file, run once however often it is asked for."""
    file = path.resolve()
    if not file.is_file():
        raise AdapterError(f"python:{path}: there is no file {path} (looked in {Path.cwd()})")
    module_name = f"drm_harness_client:{file}"
    if module_name in sys.modules:
        return sys.modules[module_name]
    spec = importlib.util.spec_from_file_location(module_name, file)
    if spec is None or spec.loader is None:
        raise AdapterError(f"python:{path}: this is no Python file; its name must end in .py")
    _make_importable(file.parent)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # before it runs: dataclasses and pickle look themselves up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[module_name]
        raise
    return module


def _make_importable(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
