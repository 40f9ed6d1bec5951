"""Where the stores of sessions come from: memory, or a state file (``fake_servers.state``)."""

from __future__ import annotations

from random import Random
from typing import Protocol

from fake_servers.clock import Clock
from fake_servers.given import Given
from fake_servers.store import MOST, OnChange, Store


class Stores(Protocol):
    """Where the stores of sessions come from."""

    def begin(self, session: str, given: Given, *, clock: Clock, rng: Random, on_change: OnChange, anew: bool) -> Store:
        """The store of a session.

        Args:
            session: Its name.
            anew: As given; else with all that is known from before, if anything is.

        Raises:
            StateError: It is not to be had; then nothing has changed.
        """

    def forget(self, session: str) -> None:
        """Nobody will ask for what this session knew.

        Raises:
            StateError: It cannot be forgotten.
        """


class InMemory:
    """Stores that end with their sessions.

    Args:
        most: Things of each kind that a store remembers.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most

    def begin(self, session: str, given: Given, *, clock: Clock, rng: Random, on_change: OnChange, anew: bool) -> Store:
        return Store(given, clock=clock, rng=rng, on_change=on_change, most=self._most)

    def forget(self, session: str) -> None:
        """There is nothing to forget."""
