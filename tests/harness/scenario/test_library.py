"""Scenario files are found by path, folder, name and tag; a word that matches nothing is not passed over."""

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario import library
from harness.scenario.library import find, scenario_name, scenario_root
from harness.scenario.load import load_scenario

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, tags in (("travel/tunnel", "[train, smoke]"), ("travel/ferry", "[ship]"), ("home/idle", "[smoke]")):
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"tags: {tags}\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("tags: [smoke]\n", encoding="utf-8")
    (tmp_path / "travel" / "broken.yaml").write_text("tags: [", encoding="utf-8")
    monkeypatch.setattr(library, "scenario_root", lambda: tmp_path)
    return tmp_path


def found(folder: Path, *patterns: str) -> list[str]:
    return [path.resolve().relative_to(folder.resolve()).as_posix() for path in find(patterns)]


def test_the_scenario_folder_of_a_checkout_is_at_its_top() -> None:
    assert scenario_root() == ROOT / "scenarios"


def test_names_folders_and_tags_are_looked_for_in_the_scenario_folder(folder: Path) -> None:
    assert found(folder, "travel/tunnel") == ["travel/tunnel.yaml"]
    assert found(folder, "travel") == ["travel/broken.yaml", "travel/ferry.yaml", "travel/tunnel.yaml"]
    assert found(folder, "tag:smoke") == ["home/idle.yaml", "travel/tunnel.yaml"]


def test_no_pattern_means_every_scenario_and_none_is_named_twice(folder: Path) -> None:
    assert len(find([])) == 4
    assert found(folder, "tag:smoke", "home", "home/idle.yaml") == ["home/idle.yaml", "travel/tunnel.yaml"]


def test_a_file_or_folder_of_ones_own_is_taken_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "home")
    assert find(["idle.yaml"]) == [Path("idle.yaml")]
    assert find(["."]) == [Path("idle.yaml")]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("travel/tunel", "no scenario matches 'travel/tunel'\n  did you mean 'travel/tunnel'?"),
        ("tunnel", "no scenario matches 'tunnel'\n  did you mean 'travel/tunnel'?"),
        ("travle", "no scenario matches 'travle'\n  did you mean 'travel'?"),
        ("xyz", "no scenario matches 'xyz'\n  all scenarios: drm-harness list scenarios"),
        ("tag:smok", "no scenario matches 'tag:smok'\n  did you mean 'tag:smoke'?"),
        ("tag:zzz", "no scenario matches 'tag:zzz'\n  tags: ship, smoke, train"),
        ("README.md", "no scenario matches 'README.md'\n  all scenarios: drm-harness list scenarios"),
    ],
)
def test_a_pattern_that_matches_nothing_is_told_with_what_is_near(folder: Path, pattern: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        find(["travel", pattern])
    assert str(caught.value) == told


def test_a_scenario_is_named_after_its_place_in_the_folder_or_else_its_file(tmp_path: Path) -> None:
    path = scenario_root() / "license_acquisition" / "denied.yaml"
    assert scenario_name(path) == load_scenario(path).name == "license_acquisition/denied"
    copy = tmp_path / "mine.yaml"
    copy.write_bytes(path.read_bytes())
    assert load_scenario(copy).name == "mine"
