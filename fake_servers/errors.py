"""What a person can get wrong with the fake servers, named for the mistake."""

from __future__ import annotations


class FakeServerError(Exception):
    """Root of every error that the fake servers raise on purpose."""


class RegistrationError(FakeServerError):
    """A fault, dialect or service was declared wrongly. Raised at import, where the declaration stands."""


class UnknownNameError(FakeServerError):
    """A name was asked for that nobody registered.

    Attributes:
        kind: What was looked for, such as ``fault``.
        name: The name asked for.
        near: Registered names that resemble it, best first.
    """

    def __init__(self, kind: str, name: str, near: list[str]) -> None:
        self.kind, self.name, self.near = kind, name, near
        hint = f"; did you mean {near[0]!r}?" if near else ""
        super().__init__(f"no {kind} is named {name!r}{hint}")


class ScriptError(FakeServerError):
    """A fault script cannot be carried out as written (say, a connect fault addressed by exchange)."""


class UpstreamError(FakeServerError):
    """A license server cannot be passed on to as asked: its address or its certificate authority is no good."""


class StateError(FakeServerError):
    """A state file cannot be used, or takes nothing more.

    Attributes:
        what: Which one, and what is wrong with it.
        to_do: What to do about it.
    """

    def __init__(self, what: str, to_do: str) -> None:
        self.what, self.to_do = what, to_do
        super().__init__(f"{what}: {to_do}")


class BegunOtherwiseError(StateError):
    """What a state file holds of a session does not go with what is asked of it now."""


class ListenError(FakeServerError):
    """An address could not be listened on; the message says which and what to do."""
