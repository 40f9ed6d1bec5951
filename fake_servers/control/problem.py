"""Refusals in words: RFC 9457 problem details, each with what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MEDIA_TYPE = "application/problem+json"

# fmt: off
TITLES: dict[str, tuple[int, str]] = {
    "malformed":         (400, "The request cannot be read"),
    "no-token":          (401, "This needs the token"),
    "foreign-page":      (403, "A page of another origin may not ask this"),
    "nothing-here":      (404, "There is nothing at this address"),
    "no-such-session":   (404, "No session has this name"),
    "no-certificate":    (404, "There is no certificate to trust"),
    "wrong-method":      (405, "This address does not take this method"),
    "too-slow":          (408, "The request took too long to arrive"),
    "name-taken":        (409, "The name is taken"),
    "too-many":          (409, "There are too many already"),
    "cannot-be-served":  (409, "This cannot be served here"),
    "too-large":         (413, "The body is too large"),
    "wrong-media-type":  (415, "The body is of the wrong kind"),
    "wrong-host":        (421, "This server is not called that"),
    "not-valid":         (422, "Something in the request is wrong"),
    "own-failure":       (500, "drm-harness itself failed"),
    "state-file":        (503, "The state file does not take it"),
    "stopping":          (503, "It is stopping"),
}
# fmt: on
"""Every kind of refusal, with its HTTP status and its title."""


class Flaw(BaseModel):
    """One thing that is wrong in a request."""

    model_config = ConfigDict(extra="forbid")

    where: str = Field(description="JSON pointer into the body (`/faults/0/when`), or `?name` of the query.")
    problem: str = Field(description="What is wrong there.")


class ProblemBody(BaseModel):
    """A refusal, as RFC 9457 has it."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Which kind of refusal: `urn:drm-harness:` and a word.")
    title: str
    status: int
    detail: str = Field(description="What was wrong this time.")
    to_do: str = Field(description="What to do about it.")
    errors: list[Flaw] = Field(default=[], description="Each thing that is wrong in the body or the query.")


class Problem(Exception):  # noqa: N818 - called what RFC 9457 calls it
    """A request is refused.

    Args:
        kind: One of ``TITLES``.
        detail: What was wrong this time.
        to_do: What to do about it.
        flaws: Places and what is wrong there.
        headers: That go with the refusal.
    """

    def __init__(
        self, kind: str, detail: str, to_do: str, *, flaws: Iterable[Flaw] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(f"{detail}; {to_do}")
        self.kind, self.headers = kind, headers or {}
        self.status, title = TITLES[kind]
        self.body = ProblemBody(
            type=f"urn:drm-harness:{kind}", title=title, status=self.status, detail=detail, to_do=to_do, errors=list(flaws)
        )


def not_valid(flaws: Sequence[Flaw]) -> Problem:
    """A request that can be read, and asks for what cannot be."""
    detail = f"{flaws[0].where or 'the body'}: {flaws[0].problem}"
    if len(flaws) > 1:
        detail += f" (and {len(flaws) - 1} more)"
    return Problem("not-valid", detail, "correct it; /v1/openapi.json says what may stand where", flaws=flaws)


def flaws_of(error: ValidationError, known: Iterable[str], at: str = "") -> list[Flaw]:
    """What is wrong, in words.

    Args:
        known: Keys that there are at the top.
        at: JSON pointer to what was validated.
    """
    return [Flaw(where=at + _pointer(detail["loc"]), problem=_words(detail, known)) for detail in error.errors()]


def nearest(word: str, words: Iterable[str]) -> str:
    """What may have been meant."""
    words = sorted(words)
    near = difflib.get_close_matches(word, words, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(words) or 'none'}"


def _pointer(loc: tuple[int | str, ...]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in loc)


def _words(detail: Any, known: Iterable[str]) -> str:
    kind, message = detail["type"], str(detail["msg"])
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"there is no such key; {nearest(str(detail['loc'][-1]), known)}" if len(detail["loc"]) == 1 else "no such key"
    message = message.removeprefix("Value error, ").replace("Input should be", "must be")
    return message[:1].lower() + message[1:]
