"""Each catalogue is complete: every phase, reason and code has its sentence, nothing is left over, and each brace is kept."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from harness.languages.catalogue import FOLDER, languages
from harness.status.code import CODES
from harness.status.phase import Phase
from harness.status.reason import Reason
from harness.status.wording import messages
from tests.generate import messages as generator
from tests.generate.messages import COMMENT, TEMPLATE, as_text, brought_up, main, template

FILES = sorted(FOLDER.glob("*.po"))
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
NO_BREAK, NARROW = "\u00a0", "\u202f"


def read(file: Path) -> Catalog:
    with file.open("rb") as text:
        return read_po(text, abort_invalid=True)


def told(file: Path) -> list[Message]:
    return [message for message in read(file) if message.id]


def braces(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def test_french_is_there() -> None:
    assert set(languages()) >= {"en", "fr"}


def test_every_phase_reason_and_code_is_to_be_translated() -> None:
    contexts = [context for context, _ in messages()]
    assert len(contexts) == len(set(contexts))
    assert {*(f"phase {p}" for p in Phase), *(f"reason {r}" for r in Reason), *(f"code {c.name}" for c in CODES)} < set(
        contexts
    )


@each_file
def test_everything_is_translated_and_nothing_is_left_over(file: Path) -> None:
    assert [(message.context, message.id) for message in told(file)] == list(messages())
    assert [message.context for message in told(file) if not str(message.string).strip()] == []
    assert not read(file).obsolete


@each_file
def test_no_translation_waits_for_a_second_look(file: Path) -> None:
    assert [message.context for message in told(file) if message.fuzzy] == []


@each_file
def test_a_translation_has_the_braces_of_its_text(file: Path) -> None:
    assert [m.context for m in told(file) if braces(str(m.id)) != braces(str(m.string))] == []


@each_file
def test_a_translation_begins_and_ends_as_its_text_does(file: Path) -> None:
    """Pieces are put together: a full stop too many, or a small letter at a beginning, would stand in a sentence."""
    for message in told(file):
        text, own = str(message.id), str(message.string)
        assert (text[0].isupper(), text[0].isspace()) == (own[0].isupper(), own[0].isspace()), message.context
        assert (text[-1] in ".?") == (own[-1] in ".?"), message.context


@each_file
def test_the_file_stands_as_the_generator_writes_it(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == as_text(brought_up(file), file.stem)


def test_the_template_is_up_to_date() -> None:
    assert TEMPLATE.read_text(encoding="utf-8") == as_text(template(), "")


def test_french_has_its_own_spaces_and_apostrophes() -> None:
    for message in told(FOLDER / "fr.po"):
        text = str(message.string)
        assert not re.search(rf"(?<!{NO_BREAK}):|(?<!{NARROW})[;?!%]", text), text
        assert not re.search(r" [;:?!%]|\d [a-z]|[}] (?:s|min)\b|'|\.\.\.|\"", text), text


def test_the_generator_keeps_what_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that changed waits for a second look, one that is gone goes, one that is new stands there untranslated."""
    monkeypatch.setattr(generator, "messages", lambda: [("a", "kept"), ("b", "now other"), ("c", "new")])
    file = tmp_path / "de.po"
    file.write_text(
        '# von mir\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgctxt "a"\nmsgid "kept"\nmsgstr "behalten"\n\n'
        'msgctxt "b"\nmsgid "once this"\nmsgstr "einst dies"\n\n'
        'msgctxt "gone"\nmsgid "gone"\nmsgstr "weg"\n',
        encoding="utf-8",
    )
    catalogue = brought_up(file)
    assert [(m.context, m.id, m.string, m.fuzzy) for m in catalogue if m.id] == [
        ("a", "kept", "behalten", False),
        ("b", "now other", "einst dies", True),
        ("c", "new", None, False),
    ]
    assert as_text(catalogue, "de").startswith('# von mir\nmsgid ""\nmsgstr ""\n"Language: de\\n"')


def test_the_template_says_what_to_do_with_it() -> None:
    assert TEMPLATE.read_text(encoding="utf-8").startswith(COMMENT)


def test_what_is_committed_passes_its_own_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["--check"]), capsys.readouterr().err) == (0, "")
