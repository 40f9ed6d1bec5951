"""Finds catalogues and reads them. What is to be said stands in ``harness.status.wording``; this knows no sentence.

A catalogue is a gettext ``.po`` file, read as it is: nothing has to be compiled, installed or registered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from harness.errors import HarnessError

SOURCE = "en"
"""The language that all is written in; it needs no catalogue."""

FOLDER = Path(__file__).parent
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set and not empty counts, as POSIX says."""

Translate = Callable[[str, str], str]
"""Context and source text to the text in a language; the source text itself where a catalogue has none."""


class LanguageError(HarnessError):
    """A language that there is not, or whose catalogue cannot be read."""


def languages() -> tuple[str, ...]:
    """The languages there are, the source first."""
    return (SOURCE, *sorted(file.stem for file in FOLDER.glob("*.po")))


def language_named(wanted: str) -> str:
    """The language meant by ``fr``, ``fr_CA``, ``fr-CA`` or ``fr_CA.UTF-8``; a path of a ``.po`` file means that file.

    Raises:
        LanguageError: There is none, or no such file.
    """
    if wanted.endswith(".po"):
        if not Path(wanted).is_file():
            raise LanguageError(f"{wanted}: no such file\n  a language is given by its name or by its catalogue, as ./de.po")
        return wanted
    found = _among(languages(), wanted)
    if found is None:
        raise LanguageError(
            f"no language is named {wanted!r}; there are {', '.join(languages())}\n"
            "  to add one: fill a copy of harness/languages/messages.pot, and name that file, as --lang ./de.po"
        )
    return found


def nearest(wanted: str) -> str:
    """The language meant, as of `language_named`; the source where there is none: better than silence."""
    if wanted == SOURCE:  # which nobody looks for on the disk, a thousand times a second
        return SOURCE
    return _among(languages(), wanted) or SOURCE


def language_of(environment: Mapping[str, str]) -> str:
    """The language of the locale; the source where the locale is ``C`` or speaks one that there is not."""
    return nearest(next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "C"))


@cache
def translation(language: str) -> Translate:
    """How to translate into it, a name from `languages` or a path.

    Raises:
        LanguageError: There is no such catalogue, or it cannot be read.
    """
    if language == SOURCE:
        return _as_it_is
    return _compiled(Path(language) if language.endswith(".po") else FOLDER / f"{language}.po").pgettext


def _as_it_is(context: str, text: str) -> str:
    return text


def _compiled(file: Path) -> GNUTranslations:
    """What ``msgfmt`` would make of it, without a file of its own."""
    from babel.messages.mofile import write_mo  # here, since whoever reads English need not wait for it
    from babel.messages.pofile import PoFileError, read_po

    compiled = BytesIO()
    try:
        with file.open("rb") as text:
            write_mo(compiled, read_po(text, abort_invalid=True))
    except FileNotFoundError as error:
        raise LanguageError(f"{file}: no such catalogue; there are {', '.join(languages())}") from error
    except (PoFileError, ValueError, LookupError) as error:
        raise LanguageError(f"{file} is no catalogue that can be read: {error}\n  check it with msgfmt --check") from error
    compiled.seek(0)
    return GNUTranslations(compiled)


def _among(known: tuple[str, ...], wanted: str) -> str | None:
    """The known name that is meant: that of language and region before that of the language alone."""
    name = wanted.partition(".")[0].partition("@")[0].replace("-", "_").lower()
    by_lower = {each.lower(): each for each in known}
    return by_lower.get(name) or by_lower.get(name.partition("_")[0])
