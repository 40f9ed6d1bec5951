"""Which language is spoken: by name, by locale, by a file of one's own; and what is said where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.languages.catalogue import FOLDER, LanguageError, language_named, language_of, languages, nearest, translation
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason
from harness.status.text import sentence

GERMAN = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "license_acquisition undone"
msgid "The license could not be fetched"
msgstr "Die Lizenz kam nicht an"

#, fuzzy
msgctxt "reason timed_out"
msgid "no answer came in time"
msgstr "noch zu prüfen"
"""


@pytest.mark.parametrize("name", ["fr", "FR", "fr_FR", "fr-CA", "fr_BE.UTF-8", "fr_FR@euro"])
def test_a_region_and_an_encoding_are_no_other_language(name: str) -> None:
    assert language_named(name) == "fr"
    assert nearest(name) == "fr"


@pytest.mark.parametrize("name", ["xx", "", "french", "frr"])
def test_an_unknown_language_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(LanguageError) as caught:
        language_named(name)
    assert f"no language is named {name!r}; there are {', '.join(languages())}" in str(caught.value)
    assert nearest(name) == "en"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_CA"}, "fr"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "en_US"}, "en"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "fr_FR", "LC_ALL": "C"}, "en"),
        ({"LANG": "fr_FR", "LC_ALL": ""}, "fr"),  # empty is as good as not set
        ({"LC_TIME": "fr_FR", "LC_CTYPE": "fr_FR"}, "en"),
    ],
)
def test_the_locale_says_the_language_in_posix_order(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_one_file_adds_a_language_and_what_it_lacks_is_said_in_english(tmp_path: Path) -> None:
    file = tmp_path / "de.po"
    file.write_text(GERMAN, encoding="utf-8")
    text = sentence(Phase.FAILED, Reason.TIMED_OUT, operation=Operation.LICENSE_ACQUISITION, language=language_named(str(file)))
    assert text == "Die Lizenz kam nicht an: no answer came in time. You can try again now."


def test_a_file_in_the_folder_is_a_language_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pt_BR.po").write_text(GERMAN, encoding="utf-8")
    (tmp_path / "pt.po").write_text(GERMAN, encoding="utf-8")
    monkeypatch.setattr("harness.languages.catalogue.FOLDER", tmp_path)
    assert languages() == ("en", "pt", "pt_BR")
    assert [nearest(name) for name in ("pt-BR", "pt-PT", "pt", "fr")] == ["pt_BR", "pt", "pt", "en"]


@pytest.mark.parametrize("content", [b"msgid 'no'\n", b"\xff\xfe\x00"])
def test_a_file_that_is_no_catalogue_is_refused_with_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "de.po"
    file.write_bytes(content)
    with pytest.raises(LanguageError, match="is no catalogue that can be read"):
        translation(str(file))


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(LanguageError, match=r"none\.po: no such file"):
        language_named("none.po")


def test_no_catalogue_need_be_compiled_by_anybody() -> None:
    assert not list(FOLDER.glob("*.mo"))
