"""A file has one subject; one that grows past a few screens mostly has two."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400

# Files that may be longer, with their own limit and why splitting them would not help the reader.
LONGER: dict[str, tuple[int, str]] = {
    "harness/tiers/wire.py": (
        430,
        "a connection and the call on it, told from both ends at once: neither half makes sense alone",
    ),
}


def lengths() -> dict[str, int]:
    """Lines of each Python file, by path relative to the root."""
    files = sorted(file for folder in ("harness", "fake_servers", "tests") for file in (ROOT / folder).rglob("*.py"))
    return {file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8").splitlines()) for file in files}


def too_long(lengths: dict[str, int]) -> list[str]:
    limits = {path: LONGER.get(path, (LONGEST, ""))[0] for path in lengths}
    return [f"{path}: {lines} lines, at most {limits[path]}" for path, lines in lengths.items() if lines > limits[path]]


def test_no_python_file_is_longer_than_its_limit() -> None:
    offenders = too_long(lengths())
    assert not offenders, "split these by subject, or give a reason in LONGER:\n" + "\n".join(offenders)


def test_a_file_one_line_over_the_limit_is_found() -> None:
    assert too_long({"fits.py": LONGEST, "grown.py": LONGEST + 1}) == [f"grown.py: {LONGEST + 1} lines, at most 400"]


def test_each_exception_is_still_needed() -> None:
    needless = [path for path in LONGER if lengths().get(path, 0) <= LONGEST]
    assert not needless, f"these are short or gone, remove them from LONGER: {needless}"
