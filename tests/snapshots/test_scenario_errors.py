"""What a tester reads who made every mistake at once. After a wanted change: python -m tests.snapshots.test_scenario_errors"""

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import read_scenario

HERE = Path(__file__).parent / "scenario_errors"


def told(path: Path) -> str:
    try:
        read_scenario(path.read_text(encoding="utf-8"), shown=path.name)
    except ScenarioError as error:
        return f"{error}\n"
    return "no error\n"


@pytest.mark.parametrize("path", sorted(HERE.glob("*.yaml")), ids=lambda path: str(path.stem))
def test_the_text_is_the_one_on_file(path: Path) -> None:
    assert told(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    for path in sorted(HERE.glob("*.yaml")):
        path.with_suffix(".txt").write_text(told(path), encoding="utf-8")
