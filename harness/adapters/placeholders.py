"""Placeholders in the words of a command line: ``{license_url}``. A literal brace is doubled, as in ``{{"a": 1}}``.

Words are cut first and filled afterwards, without a shell: nothing that a value holds can end a word or begin a command.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from string import Formatter

from harness.errors import AdapterError


def placeholders_in(words: Sequence[str], known: Collection[str]) -> list[str]:
    """The names used, in order of first use.

    Raises:
        AdapterError: A brace stands alone, or a name is not among the ``known``.
    """
    names = dict.fromkeys(name for word in words for _, name in _pieces(word) if name is not None)
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {{{near[0]}}}? " if near else ""
            raise AdapterError(
                f"command line: there is no placeholder {{{name}}}; {hint}"
                f"Known are {', '.join(f'{{{one}}}' for one in known)}. A literal brace is doubled: {{{{ or }}}}"
            )
    return list(names)


def filled(words: Sequence[str], values: Mapping[str, Callable[[], str]]) -> list[str]:
    """The words with every placeholder replaced; a value is made only if it is used, and once."""
    made = {name: values[name]() for name in placeholders_in(words, values)}
    return ["".join(text + (made[name] if name is not None else "") for text, name in _pieces(word)) for word in words]


def _pieces(word: str) -> list[tuple[str, str | None]]:
    """Text and the placeholder after it, if any. What a format string could do beyond a name is part of the name here."""
    try:
        pieces = list(Formatter().parse(word))
    except ValueError as error:
        raise AdapterError(
            f"command line: a brace stands alone in {word!r}; a literal brace is doubled: {{{{ or }}}}"
        ) from error
    return [(text, None if name is None else _whole(name, spec, conversion)) for text, name, spec, conversion in pieces]


def _whole(name: str, spec: str | None, conversion: str | None) -> str:
    return name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
