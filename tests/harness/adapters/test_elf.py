"""A program's file tells whether a library can be slipped under it; scripts lead to their interpreter."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from harness.adapters.elf import program_of, read_elf


def elf(path: Path, loader: str = "", *, is_64: bool = True, machine: int = 62) -> Path:
    """A program of headers only, which nobody can run."""
    begin = 64 if is_64 else 52
    size = 56 if is_64 else 32
    text = loader.encode() + b"\0"
    place = begin + size
    if is_64:
        header = struct.pack("<IIQQQQQQ", 3 if loader else 1, 4, place, 0, 0, len(text), len(text), 1)
        rest = struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, 0, begin, 0, 0, 64, size, 1, 0, 0, 0)
    else:
        header = struct.pack("<IIIIIIII", 3 if loader else 1, place, 0, 0, len(text), len(text), 4, 1)
        rest = struct.pack("<HHIIIIIHHHHHH", 2, machine, 1, 0, begin, 0, 0, 52, size, 1, 0, 0, 0)
    path.write_bytes(b"\x7fELF" + bytes([2 if is_64 else 1, 1, 1]) + bytes(9) + rest + header + text)
    path.chmod(0o755)
    return path


def script(path: Path, first_line: str) -> str:
    path.write_text(first_line + "\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("is_64", [True, False])
def test_the_loader_of_a_program_is_found_and_a_static_one_has_none(tmp_path: Path, is_64: bool) -> None:
    dynamic = read_elf(elf(tmp_path / "dynamic", "/lib/ld-test.so.1", is_64=is_64))
    static = read_elf(elf(tmp_path / "static", is_64=is_64))
    assert dynamic is not None
    assert static is not None
    assert (dynamic.loader, static.loader) == ("/lib/ld-test.so.1", "")
    assert dynamic.machine == static.machine == (62, 2 if is_64 else 1, 1)


def test_this_python_is_a_program_with_a_loader() -> None:
    found = program_of(sys.executable)
    assert found is not None
    assert Path(found.loader).exists()


@pytest.mark.parametrize("content", [b"", b"hello", b"\x7fELF", b"\x7fELF" + bytes(10), b"\x7fELF\2\1" + b"\xff" * 58])
def test_what_is_no_program_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    found = read_elf(file)
    assert found is None or found.loader == ""


def test_a_script_leads_to_its_interpreter_also_by_way_of_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = elf(tmp_path / "interpreter", "/lib/ld-test.so.1")
    monkeypatch.setenv("PATH", str(tmp_path))
    chains = ["#!" + str(program), "#!/usr/bin/env interpreter", "#!/usr/bin/env -S A=1 interpreter -x"]
    found = [program_of(script(tmp_path / f"script{n}", line)) for n, line in enumerate(chains)]
    assert [one and one.path for one in found] == [str(program)] * 3


def test_scripts_that_run_each_other_for_ever_lead_nowhere(tmp_path: Path) -> None:
    assert program_of(script(tmp_path / "loop", f"#!{tmp_path / 'loop'}")) is None


def test_words_in_a_program_are_found_wherever_they_stand(tmp_path: Path) -> None:
    found = read_elf(elf(tmp_path / "program", "/lib/ld-test.so.1"))
    assert found is not None
    assert found.mentions(b"absent", b"ld-test")
    assert not found.mentions(b"absent")
