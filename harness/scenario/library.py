"""Where the scenarios that come with the harness are, and how to name some of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from harness.errors import ScenarioError
from harness.scenario.position import UnreadableError, read_yaml

SUFFIXES = (".yaml", ".yml")


def scenario_root() -> Path:
    """The scenario folder: in an installed harness inside the package, in a checkout at the top."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "library" / "scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def scenario_name(path: Path) -> str:
    """``license_acquisition/tunnels`` for a file below the scenario folder, the stem for any other."""
    root = scenario_root().resolve()
    return path.resolve().relative_to(root).with_suffix("").as_posix() if is_ours(path) else path.stem


def is_ours(path: Path) -> bool:
    """Whether the file is below the scenario folder."""
    return path.resolve().is_relative_to(scenario_root().resolve())


def find(patterns: Sequence[str]) -> list[Path]:
    """The scenario files that any of the patterns names, each once, sorted by path.

    A pattern is a file, a folder, a name or folder below the scenario folder (``license_acquisition/tunnels``,
    ``license_acquisition``), or ``tag:`` and a tag. Tags are looked for in the scenario folder. No pattern: all of the folder.

    Raises:
        ScenarioError: A pattern matches nothing; one problem for each such pattern.
    """
    if not patterns:
        return _below(scenario_root())
    found: set[Path] = set()
    problems: list[str] = []
    for pattern in patterns:
        matches = _tagged(pattern.removeprefix("tag:")) if pattern.startswith("tag:") else _named(pattern)
        found.update(matches)
        if not matches:
            problems.append(f"no scenario matches {pattern!r}\n  {_near_misses(pattern)}")
    if problems:
        raise ScenarioError(problems)
    return sorted(found)


def _named(pattern: str) -> list[Path]:
    """Files and folders as they are, from here and then from the scenario folder."""
    for place in (Path(pattern), scenario_root() / pattern):
        if place.is_dir():
            return _below(place)
        for file in (place, *(place.with_name(place.name + suffix) for suffix in SUFFIXES)):
            if file.is_file() and file.suffix in SUFFIXES:
                return [file]
    return []


def _tagged(tag: str) -> list[Path]:
    return [path for path in _below(scenario_root()) if tag in _tags(path)]


def _tags(path: Path) -> tuple[str, ...]:
    """The tags of a file, right or wrong otherwise: running it is the time to complain."""
    try:
        value = read_yaml(path.read_text(encoding="utf-8", errors="replace")).value
    except (UnreadableError, OSError):
        return ()
    tags = value.get("tags") if isinstance(value, dict) else None
    return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()


def _below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())


def _near_misses(pattern: str) -> str:
    files = _below(scenario_root())
    if pattern.startswith("tag:"):
        tags = sorted({tag for path in files for tag in _tags(path)})
        return _suggested(pattern.removeprefix("tag:"), tags, "tag:") or f"tags: {', '.join(tags) or 'none'}"
    names = [scenario_name(path) for path in files]
    folders = sorted({name.partition("/")[0] for name in names if "/" in name})
    last = {name.rpartition("/")[2]: name for name in names}
    near = [*difflib.get_close_matches(pattern, [*names, *folders], n=1), *_by_last(pattern, last)]
    quoted = ", ".join(repr(name) for name in dict.fromkeys(near))
    return f"did you mean {quoted}?" if near else "all scenarios: drm-harness list scenarios"


def _by_last(pattern: str, last: dict[str, str]) -> Iterable[str]:
    """Somebody wrote ``tunnels`` for ``license_acquisition/tunnels``."""
    return (last[name] for name in difflib.get_close_matches(pattern.rpartition("/")[2], last, n=1))


def _suggested(word: str, words: list[str], prefix: str) -> str:
    near = difflib.get_close_matches(word, words, n=1)
    return f"did you mean '{prefix}{near[0]}'?" if near else ""
