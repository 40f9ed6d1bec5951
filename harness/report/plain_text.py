"""Text from elsewhere (a client's words, a file's) made safe to print: no control codes, no second line, no flood."""

from __future__ import annotations

LONGEST = 400
"""Characters of one text in a report; the trace keeps all of it."""

LONGEST_COMMAND = 10_000
"""Characters of a command to copy: cut, it would be worth nothing."""

NO_BREAK = "\u00a0\u202f"
"""Spaces at which no line ends, as French has them before a colon; no control codes, whatever ``str.isprintable`` says."""


def plain(text: str, longest: int = LONGEST) -> str:
    """One line without control characters; what is not printable is shown by its number, what is too long is cut."""
    if text.isprintable() and len(text) <= longest:  # most are, and a page shows very many
        return text.strip()
    line = "".join(
        character if character.isprintable() or character in NO_BREAK else _shown(character)
        for character in text.strip()[: longest + 1]
    )
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 scenario``, ``2 scenarios``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _shown(character: str) -> str:
    return " " if character in "\n\r\t" else f"\\x{ord(character):02x}"
