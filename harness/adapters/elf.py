"""What can be read off a program's file without running it: whether a library can be slipped under it at all.

Source: ELF-64 and ELF-32 as in elf(5): file header and program headers.
"""

from __future__ import annotations

import mmap
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"\x7fELF"
PT_INTERP = 3
MOST_HEADERS = 1_000_000
"""Bytes. No program has so many."""

LONGEST_CHAIN = 5
"""Scripts whose interpreter is a script, and so on."""


@dataclass(frozen=True, slots=True)
class Elf:
    """A program's file.

    Attributes:
        path: Where it is.
        machine: Processor and word size, to be compared only.
        loader: What loads its libraries; empty for a static program.
    """

    path: str
    machine: tuple[int, int, int]
    loader: str

    def mentions(self, *words: bytes) -> bool:
        """Whether one of the words stands anywhere in the file."""
        with open(self.path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(word) >= 0 for word in words)


def read_elf(path: str | Path) -> Elf | None:
    """The program in a file; None if the file is none or cannot be read."""
    try:
        with open(path, "rb") as file:
            head = file.read(64)
            if len(head) < 52 or head[:4] != MAGIC:
                return None
            is_64, order = head[4] == 2, "<" if head[5] == 1 else ">"
            (machine,) = struct.unpack_from(f"{order}H", head, 18)
            (table,) = struct.unpack_from(f"{order}{'Q' if is_64 else 'I'}", head, 32 if is_64 else 28)
            size, count = struct.unpack_from(f"{order}HH", head, 54 if is_64 else 42)
            file.seek(table)
            headers = file.read(min(size * count, MOST_HEADERS))
            loader = ""
            for begin in range(0, len(headers), size):
                kind, offset, length = _segment(headers, begin, order, is_64=is_64)
                if kind == PT_INTERP:
                    file.seek(offset)
                    loader = file.read(length).rstrip(b"\0").decode("utf-8", "replace")
    except (OSError, ValueError, struct.error):  # headers that point nowhere
        return None
    return Elf(str(path), (machine, head[4], head[5]), loader)


def program_of(word: str) -> Elf | None:
    """The program that a command runs in the end: of a script, its interpreter's. None if it cannot be told."""
    for _ in range(LONGEST_CHAIN):
        path = shutil.which(word)
        if path is None:
            return None
        interpreter = _interpreter(path)
        if not interpreter:
            return read_elf(path)
        word = interpreter
    return None


def _segment(headers: bytes, begin: int, order: str, *, is_64: bool) -> tuple[int, int, int]:
    """Kind, place in the file and length of what a program header tells of."""
    if is_64:
        kind, _, offset, _, _, length = struct.unpack_from(f"{order}IIQQQQ", headers, begin)
    else:
        kind, offset, _, _, length = struct.unpack_from(f"{order}IIIII", headers, begin)
    return kind, offset, length


def _interpreter(path: str) -> str:
    """The interpreter that the first line of a script names, also by way of ``env``; empty if it is no script."""
    try:
        with open(path, "rb") as file:
            line = file.readline(256)
    except OSError:
        return ""
    if not line.startswith(b"#!"):
        return ""
    words = line[2:].decode("utf-8", "replace").split()
    if words and Path(words[0]).name == "env":
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return words[0] if words else ""
