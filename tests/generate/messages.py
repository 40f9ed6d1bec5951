"""Writes ``harness/languages/messages.pot``, the template of every catalogue, and brings the catalogues up to it.

What is new stands in a catalogue untranslated, what is gone leaves it, and a text that changed keeps its translation, marked as
``fuzzy``: nobody is told it until somebody has looked at it. ``python -m tests.generate.messages [--check]``
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from harness.languages.catalogue import FOLDER
from harness.status.wording import messages
from tests.generate.page import write_or_check

COMMAND = "tests.generate.messages"
TEMPLATE = FOLDER / "messages.pot"

COMMENT = """\
# What a user of a DRM client reads, for translators.
#
# Save a copy as <language>.po, as de.po, and fill it: that is all that a new language needs.
# msgctxt says where a text stands. Braces are filled in by the program: keep each, wherever it falls in your sentence.
# A reason, a code and a service are parts of a sentence: no capital and no full stop of their own.
# "check saying nothing" holds words that alone tell a user nothing; give those of your language, in their forms."""

HEADER = r"""
msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""  # and no more: dates and versions of tools would differ each time it is written


def template() -> Catalog:
    """Every message there is, untranslated."""
    catalogue = Catalog(header_comment=COMMENT)
    for context, text in messages():
        catalogue.add(text, context=context, flags=["python-brace-format"] if "{" in text else [])
    return catalogue


def brought_up(file: Path) -> Catalog:
    """A catalogue with the messages of the template, in its order."""
    with file.open("rb") as text:
        found = read_po(text)
    old = {message.context: message for message in found if message.id}
    catalogue = template()
    catalogue.header_comment = found.header_comment
    for message in catalogue:
        if known := old.get(message.context):
            message.string, message.user_comments = known.string, known.user_comments
            if known.fuzzy or (known.id != message.id and known.string):
                message.flags.add("fuzzy")
    return catalogue


def as_text(catalogue: Catalog, language: str) -> str:
    """As it stands in its file."""
    written = BytesIO()
    write_po(written, catalogue, width=0, omit_header=True)
    messages_text = written.getvalue().decode("utf-8").strip()
    return f"{catalogue.header_comment}{HEADER.format(language=language)}{messages_text}\n"


def main(arguments: Sequence[str]) -> int:
    """Write them all, or check them."""
    files = {TEMPLATE: as_text(template(), "")}
    files |= {file: as_text(brought_up(file), file.stem) for file in sorted(FOLDER.glob("*.po"))}
    return max(write_or_check(file, text, COMMAND, arguments) for file, text in files.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
