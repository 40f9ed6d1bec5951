"""A generated page of the docs: written by its command, and with ``--check`` only compared with what is committed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table. A cell may hold Markdown but no line break; a bar in it is written as an entity."""
    return "\n".join(map(_line, [head, ["---"] * len(head), *rows]))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def page(*blocks: str) -> str:
    """Blocks of Markdown with a blank line between them and a newline at the end."""
    return "\n\n".join(blocks) + "\n"


def write_or_check(path: Path, text: str, command: str, arguments: Sequence[str]) -> int:
    """Write the page; or, with ``--check``, return 1 if the file does not hold this text, and say how to mend it."""
    match list(arguments):
        case []:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        case ["--check"] if not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"{path.name} is not what the tables say now; run: python -m {command}", file=sys.stderr)
            return 1
        case ["--check"]:
            pass
        case _:
            print(f"usage: python -m {command} [--check]", file=sys.stderr)
            return 2
    return 0
