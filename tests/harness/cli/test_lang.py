"""``--lang``, and the locale where it is not given: what a user read is shown in it, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.cli.invoking import UNDISTURBED, invoke

FRENCH = "license_acquisition/viewer_reads_french"
DENIED = (
    "La licence n’a pas pu être obtenue\u00a0: le service n’accorde pas ce qui est demandé. "
    "Réessayer ne servira à rien\u202f; veuillez vous adresser au fournisseur du contenu."
)


@pytest.mark.parametrize("words", [["--lang", "fr"], ["--lang", "fr-CA"], []])
def test_what_the_user_read_is_shown_in_french(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if not words:
        monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    result = invoke("run", UNDISTURBED, "-v", *words)
    assert result.exit_code == 0
    assert "the user read last: La licence est arrivée.\n" in result.stdout


def test_the_language_asked_for_goes_before_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert "the user read last: The license is here.\n" in invoke("run", UNDISTURBED, "-v", "--lang", "en").stdout


def test_a_client_speaks_its_users_language_and_the_report_its_readers() -> None:
    assert f"the user read last: {DENIED}\n" in invoke("run", FRENCH, "-v", "--lang", "fr").stdout
    assert "the user read last: The license could not be fetched: " in invoke("run", FRENCH, "-v").stdout


def test_a_saved_trace_is_shown_in_another_language_and_stays_as_it_is(tmp_path: Path) -> None:
    invoke("run", FRENCH, "--trace", str(tmp_path))
    (file,) = tmp_path.glob("**/*.jsonl")
    assert DENIED in file.read_text(encoding="utf-8")
    before = file.read_bytes()
    assert "the user read last: The license could not be fetched: " in invoke("check", str(file), "-v").stdout
    assert f"the user read last: {DENIED}\n" in invoke("check", str(file), "-v", "--lang", "fr").stdout
    assert file.read_bytes() == before


def test_a_trace_is_the_same_whoever_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invoke("run", UNDISTURBED, "--trace", str(tmp_path / "here"))
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.delenv("LC_ALL")
    invoke("run", UNDISTURBED, "--trace", str(tmp_path / "there"), "--lang", "fr")
    (here,), (there,) = (list((tmp_path / place).glob("**/*.jsonl")) for place in ("here", "there"))
    assert here.read_bytes() == there.read_bytes()


@pytest.mark.parametrize("name", ["timed_out", "monitoring", "NS_E_DRM_LICENSE_EXPIRED"])
def test_a_reason_a_phase_and_a_code_are_explained_with_what_a_user_reads(name: str) -> None:
    english, french = (" ".join(invoke("explain", name, "--lang", language).stdout.split()) for language in ("en", "fr"))
    assert "a user reads" in english
    assert english.partition("a user reads")[0] == french.partition("a user reads")[0]
    assert english != french


@pytest.mark.parametrize(
    "words", [["run", UNDISTURBED], ["validate", UNDISTURBED], ["check", "x.jsonl"], ["explain", "timed_out"]]
)
def test_an_unknown_language_is_refused_with_those_there_are(words: list[str]) -> None:
    result = invoke(*words, "--lang", "tlh")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no language is named 'tlh'; there are en, fr\n" in result.stderr


def test_a_catalogue_of_ones_own_is_named_as_a_file(tmp_path: Path) -> None:
    file = tmp_path / "de.po"
    file.write_text('msgctxt "license_acquisition done"\nmsgid "The license is here"\nmsgstr "Die Lizenz ist da"\n')
    assert "the user read last: Die Lizenz ist da.\n" in invoke("run", UNDISTURBED, "-v", "--lang", str(file)).stdout
