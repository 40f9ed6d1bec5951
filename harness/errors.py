"""What a user of the harness can get wrong, named for the mistake. The client's misbehaviour is a verdict, never an error."""

from __future__ import annotations


class HarnessError(Exception):
    """Root of every error that the harness raises on purpose; its text is written for the person who reads it."""


class ScenarioError(HarnessError):
    """A scenario file does not say what it should. The text holds ``file:line:column`` and what to do.

    Attributes:
        problems: One text a problem found, in the order of the file.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class ProfileError(HarnessError):
    """A profile or an expected-failures file does not say what it should."""


class AdapterError(HarnessError):
    """The client under test cannot be reached as asked: unknown adapter, missing program, wrong placeholder."""


class NoPromiseError(AdapterError):
    """The client is there, and nobody has said what it promises."""


class WorldError(HarnessError):
    """The world cannot be built or kept up (a port is taken, a fault is out of reach, nothing is left to wait for)."""


class OutOfReachError(WorldError):
    """What is to happen to the device cannot be made to happen here in earnest: the scenario does not apply."""


class TraceError(HarnessError):
    """A trace file cannot be read."""


class DeclarationError(HarnessError):
    """A lifecycle, check or adapter is declared wrongly. Raised at import, where the declaration stands."""
