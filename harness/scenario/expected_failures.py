"""Failures that are known and accepted: listed in a file, so that only news breaks a build, and good news is news too.

.. code-block:: yaml

    expected:
      - {scenario: license_acquisition/captive_portal, check: STATUS-004, because: it takes any 200 for a license}
      - {scenario: "license_restore/*", check: RETRY-002, client: my-player, because: MYPLAYER-17}
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from harness.errors import ProfileError
from harness.scenario.load import read_mapping, read_text
from harness.scenario.position import Position, UnreadableError
from harness.scenario.problems import validated


class ExpectedFailure(BaseModel):
    """One failure that is known.

    Attributes:
        scenario: The scenario's name, or a pattern such as ``license_restore/*``.
        check: The id of the check that fails, such as STATUS-004.
        client: The client's name, if it is true of that one only.
        because: Why it is accepted: a sentence or an issue.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str = Field(min_length=1)
    check: str = Field(pattern=r"^([A-Z]+\.)?[A-Z]+-\d{3}$")
    client: str | None = None
    because: str = Field(min_length=3)

    def covers(self, client: str, scenario: str) -> bool:
        """Whether it speaks of a run of this client in this scenario."""
        return fnmatchcase(scenario, self.scenario) and self.client in (None, client)


class ExpectedFailures(BaseModel):
    """All that are known.

    Attributes:
        expected: The known failures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    expected: tuple[ExpectedFailure, ...]


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """A check that failed in a run."""

    client: str
    scenario: str
    check: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A known failure and where it is listed, as ``file:line:column``."""

    failure: ExpectedFailure
    place: str


@dataclass(frozen=True, slots=True)
class News:
    """What a list of known failures did not foresee.

    Attributes:
        failures: Failed, and not listed; sorted.
        passes: Listed, covering a run, and never failed; as listed.
        unused: Listed, and covering no run at all: often a slip in a name, no reason to fail.
    """

    failures: tuple[Failure, ...]
    passes: tuple[Listed, ...]
    unused: tuple[Listed, ...]

    def __bool__(self) -> bool:
        return bool(self.failures or self.passes)


def load_expected_failures(path: Path) -> tuple[Listed, ...]:
    """Read the file.

    Raises:
        ProfileError: It cannot be read, or does not say what it should.
    """
    example = "expected: [{scenario: ..., check: STATUS-004, because: ...}]"
    try:
        document = read_mapping(read_text(path), "a list of expected failures", example)
    except UnreadableError as error:
        raise ProfileError(error.problem.shown(str(path))) from error
    known, problems = validated(document, ExpectedFailures, document.value, called="a list of expected failures")
    problems += document.problems
    if known is None or problems:
        raise ProfileError("\n".join(problem.shown(str(path)) for problem in sorted(problems)))
    places = [document.at_value(("expected", index)) for index in range(len(known.expected))]
    return tuple(Listed(failure, _shown(path, place)) for failure, place in zip(known.expected, places, strict=True))


def news(listed: Iterable[Listed], runs: Iterable[tuple[str, str]], failed: Iterable[Failure]) -> News:
    """What was not foreseen.

    Args:
        listed: The known failures.
        runs: Client and scenario of each run that was judged; a check need not have been applicable in it.
        failed: Every failure of these runs.
    """
    listed, runs, failed = tuple(listed), set(runs), sorted(set(failed))
    failures = tuple(found for found in failed if not any(_foresees(each, found) for each in listed))
    covering = [each for each in listed if any(each.failure.covers(*run) for run in runs)]
    passes = tuple(each for each in covering if not any(_foresees(each, found) for found in failed))
    return News(failures, passes, tuple(each for each in listed if each not in covering))


def _foresees(listed: Listed, found: Failure) -> bool:
    return listed.failure.check == found.check and listed.failure.covers(found.client, found.scenario)


def _shown(path: Path, place: Position) -> str:
    return f"{path}:{place.line}:{place.column}"
