"""YAML files to scenarios and profiles. All problems of a file are told at once, each with its place and what to do."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

import fake_servers.faults  # noqa: F401 - importing it registers the house's faults
from fake_servers.errors import UnknownNameError
from fake_servers.faults.base import BOTH_NETWORKS, FAULTS, Fault, Network
from fake_servers.faults.script import Rule, When
from harness.device.event import REACH
from harness.errors import ProfileError, ScenarioError
from harness.scenario.consistency import Draft, contradictions
from harness.scenario.device_entries import device_steps
from harness.scenario.library import scenario_name
from harness.scenario.model import Scenario
from harness.scenario.position import LARGEST_FILE, Document, Position, Problem, UnreadableError, read_yaml
from harness.scenario.position import Path as Place
from harness.scenario.problems import nearest, problems_of, validated, value_text
from harness.scenario.profile import Profile

PROFILES = Path(__file__).parent / "profiles"
PLAYERS = PROFILES / "players"
"""One for each player that there is a page for."""

ALL_FAULTS = "All faults: drm-harness list faults"


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file. Its name is its path below the scenario folder, or else the file's stem.

    Raises:
        ScenarioError: The file cannot be read, or does not say what it should.
    """
    try:
        text = read_text(path)
    except UnreadableError as error:
        raise ScenarioError([error.problem.shown(str(path))]) from error
    return read_scenario(text, shown=str(path), name=scenario_name(path))


def read_scenario(text: str, *, shown: str = "scenario", name: str = "unnamed") -> Scenario:
    """Read a scenario from YAML text; ``shown`` stands for the file in errors.

    Raises:
        ScenarioError: The text does not say what a scenario should.
    """
    try:
        document = read_mapping(text, "a scenario", "about: ..., operation: ..., expect: ...")
    except UnreadableError as error:
        raise ScenarioError([error.problem.shown(shown)]) from error
    scenario, problems = _scenario(document, name)
    if problems:
        raise ScenarioError([problem.shown(shown) for problem in sorted(problems)])
    return scenario


def load_profile(path_or_name: Path | str) -> Profile:
    """Read a profile: a file, or by its name one of those that come with the harness (``reference``, ``curl`` …, ``shaka`` …).

    Raises:
        ProfileError: There is no such profile, or it does not say what it should.
    """
    path = _profile_path(path_or_name)
    try:
        document = read_mapping(read_text(path), "a profile", "name: my-player, operations: [license_acquisition]")
    except UnreadableError as error:
        raise ProfileError(error.problem.shown(str(path))) from error
    profile, problems = validated(document, Profile, document.value, called="a profile")
    problems += document.problems
    if profile is None or problems:
        raise ProfileError("\n".join(problem.shown(str(path)) for problem in sorted(problems)))
    return profile


def profile_names() -> list[str]:
    """The profiles that come with the harness."""
    return sorted(path.stem for path in PROFILES.glob("*.yaml"))


def networks(scenario: Scenario) -> frozenset[Network]:
    """The networks that the scenario can be had on: what the reach of its faults and of what its device meets allows."""
    reach = BOTH_NETWORKS
    for rule in scenario.faults:
        reach &= rule.fault.reach
    for step in scenario.device:
        for ability in step.event.needs:
            reach &= REACH[ability]
    return reach


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_text(path: Path) -> str:
    """The text of a YAML file.

    Raises:
        UnreadableError: It is not there, too large or not UTF-8.
    """
    start = Position(1, 1)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UnreadableError(
            Problem(start, f"the file cannot be read: {why}", "check the path and its permissions")
        ) from error
    if len(data) > LARGEST_FILE:
        what = f"the file is larger than {LARGEST_FILE // 1000} KB"
        raise UnreadableError(Problem(start, what, "a scenario fits on a screen; is this the right file?"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        place = Position(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        what = f"byte 0x{data[error.start]:02X} is not UTF-8"
        raise UnreadableError(Problem(place, what, "save the file as UTF-8")) from error


def read_mapping(text: str, called: str, example: str) -> Document:
    """Read YAML text whose whole is a mapping.

    Raises:
        UnreadableError: It is no YAML, or empty, or something else.
    """
    document = read_yaml(text)
    if document.value is None:
        raise UnreadableError(Problem(Position(1, 1), "the file is empty", f"{called} begins like this: {example}"))
    if not isinstance(document.value, dict):
        what = f"{called} is a mapping of keys, not {value_text(document.value)}"
        raise UnreadableError(Problem(document.at_value(()), what, f"write it like this: {example}"))
    return document


def _profile_path(path_or_name: Path | str) -> Path:
    path = Path(path_or_name)
    if path.suffix or len(path.parts) != 1:
        return path
    names = profile_names()
    if (player := PLAYERS / f"{path.name}.yaml").is_file():
        return player
    if path.name not in names:
        to_do = nearest(path.name, names, "Profiles")
        raise ProfileError(f"no profile is named {path.name!r}\n  {to_do}; or give a file, such as ./{path.name}.yaml")
    return PROFILES / f"{path.name}.yaml"


# ── a scenario, part by part ─────────────────────────────────────────────────────────────────────────────────────────


def _scenario(document: Document, name: str) -> tuple[Scenario, list[Problem]]:
    """The scenario, which is good for use only if there is no problem."""
    data = dict(document.value) if isinstance(document.value, dict) else {}
    problems = list(document.problems)
    if "name" in data:
        del data["name"]
        what = "a scenario's name is its file's path, and cannot be chosen"
        problems.append(Problem(document.at_key(("name",)), what, "remove this line; say what it is in 'about'"))
    rules = _rules(document, data.get("faults"))
    if isinstance(data.get("faults"), list):
        data["faults"] = tuple(rule for rule, _ in rules.values() if rule is not None)
        problems += [problem for _, found in rules.values() for problem in found]
    steps = device_steps(document, data.get("device"))
    if isinstance(data.get("device"), list):
        data["device"] = tuple(step for step, _ in steps.values() if step is not None)
        problems += [problem for _, found in steps.values() for problem in found]
    scenario, found = validated(document, Scenario, {**data, "name": name}, called="a scenario")
    doubtful: set[str] = set()
    if scenario is None:
        scenario, doubtful = _sound_parts(data)
    places = tuple(place for place, (rule, _) in rules.items() if rule is not None) if scenario.faults else ()
    device_places = tuple(place for place, (step, _) in steps.items() if step is not None) if scenario.device else ()
    draft = Draft(scenario, document, frozenset(doubtful), places, device_places)
    return scenario, [*problems, *found, *contradictions(draft)]


_STAND_IN = {"about": "stands in for what is wrong", "operation": "license_acquisition", "expect": {"outcome": "failed"}}


def _sound_parts(data: dict[str, object]) -> tuple[Scenario, set[str]]:
    """A scenario of the top-level parts that are right, with stand-ins for those that are not; and the names of the latter."""
    try:
        return Scenario.model_validate({**_STAND_IN, **data}, by_alias=True, by_name=False), set(_STAND_IN) - set(data)
    except ValidationError as error:
        wrong = {str(detail["loc"][0]) for detail in error.errors(include_url=False)}
        kept = {key: value for key, value in data.items() if key not in wrong}
        return Scenario.model_validate({**_STAND_IN, **kept}, by_alias=True, by_name=False), wrong | (
            set(_STAND_IN) - set(kept)
        )


def _rules(document: Document, entries: object) -> dict[int, tuple[Rule | None, list[Problem]]]:
    """Each entry of ``faults`` by its index: the rule, or None and what is wrong with it."""
    if not isinstance(entries, list):
        return {}
    return {index: _rule(document, ("faults", index), entry) for index, entry in enumerate(entries)}


def _rule(document: Document, at: Place, entry: object) -> tuple[Rule | None, list[Problem]]:
    """A rule is flat: ``{when: {...}, fault: name, parameter: value}``; the name decides which parameters there are."""
    if not isinstance(entry, dict):
        what = f"an entry of 'faults' is a mapping, not {value_text(entry)}"
        return None, [
            Problem(document.at_value(at), what, "write {when: {exchange: license, nth: 1}, fault: reset_after, ...}")
        ]
    problems: list[Problem] = []
    when: When | None = None
    if "when" in entry:
        when, problems = validated(document, When, entry["when"], at=(*at, "when"), called="'when'")
    else:
        what = "an entry of 'faults' needs 'when'"
        problems = [Problem(document.at_value(at), what, "add it: when: {exchange: license, nth: 1}")]
    found, more = _fault(document, at, entry)
    problems += more
    if when is None or found is None or problems:
        return None, problems
    try:
        return Rule(when=when, fault=found), []
    except ValidationError as error:
        return None, problems_of(error, document, Rule, (*at, "when"), "'when'")


def _fault(document: Document, at: Place, entry: dict[str, object]) -> tuple[Fault | None, list[Problem]]:
    name = entry.get("fault")
    if not isinstance(name, str):
        what = (
            f"'fault' is the name of a fault, not {value_text(name)}"
            if "fault" in entry
            else "an entry of 'faults' needs 'fault'"
        )
        return None, [Problem(document.at_value((*at, "fault")), what, ALL_FAULTS)]
    try:
        kind = FAULTS[name]
    except UnknownNameError as error:
        hint = f"did you mean {error.near[0]!r}? " if error.near else ""
        return None, [Problem(document.at_value((*at, "fault")), f"no fault is named {name!r}", f"{hint}{ALL_FAULTS}")]
    parameters = {key: value for key, value in entry.items() if key not in ("when", "fault")}
    return validated(document, kind, parameters, at=at, called=f"fault {name!r}")
