"""What the project needs, it contains: no tracked file leans on one machine, one registry or a folder beside it."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

REGISTRIES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("crates", "io"),
    ("proxy.golang", "org"),
    ("rubygems", "org"),
)
START = r"(?<![\w./-])"  # at the start of a path, not somewhere inside a longer one

# The patterns are put together from pieces, so that this file does not match itself.
FORBIDDEN = {
    "a path of one machine": re.compile(START + "/(?:" + "|".join(("home", "root", "work", "Users")) + r")/\w"),
    "a package registry": re.compile("|".join(re.escape(".".join(host)) for host in REGISTRIES)),
    "a setting of a package registry": re.compile("--(?:extra-)?" + "index-url" + "|--find-" + "links"),
    "a folder beside the project": re.compile(r"(?<![\w-])(?<!\w/)shar" + r"ed/\w"),
}


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("an unpacked source archive has no list of tracked files")
    # Whoever runs the tests may not own the checkout; git would refuse to list it.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file()]


def found_in(text: str) -> list[str]:
    """``line: what it is: the match`` for each forbidden text, lines counted from 1."""
    return [
        f"{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group()}"
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    ]


def test_no_tracked_file_holds_a_forbidden_text() -> None:
    offenders = [
        f"{file.relative_to(ROOT)}:{found}"
        for file in tracked_files()
        for found in found_in(file.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not offenders, "\n".join(offenders)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("see " + "/ho" + "me/ada/notes", "a path of one machine"),
        ("https://files.python" + "hosted.org/x", "a package registry"),
        ("pip install --index" + "-url x", "a setting of a package registry"),
        ("source: ../sha" + "red/notes.md", "a folder beside the project"),
    ],
)
def test_each_forbidden_text_is_found_on_its_line(text: str, what: str) -> None:
    assert [found.split(": ")[:2] for found in found_in("first line\n" + text)] == [["2", what]]


@pytest.mark.parametrize(
    "text",
    [
        "GET /v1/work/7",
        "https://host.example/home/page",
        "/usr/share/licenses",
        "https://host.example/sha" + "red/key",
    ],
)
def test_ordinary_paths_are_left_alone(text: str) -> None:
    assert found_in(text) == []
