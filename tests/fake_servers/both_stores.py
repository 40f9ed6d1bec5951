"""One suite for both kinds of stores: in memory, and in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from contextvars import ContextVar
from functools import cache
from itertools import count

import pytest

from fake_servers.state.file import StateFile, Survives
from fake_servers.store import MOST
from fake_servers.stores import InMemory, Stores

Make = Callable[[int], Stores]

_make: ContextVar[Make] = ContextVar("make", default=InMemory)
_numbers = count(1)


def make_stores(most: int = MOST) -> Stores:
    """Stores of the kind that the test runs on; a session is new if its name is."""
    return _make.get()(most)


def new_name() -> str:
    """Of a session that no test has had."""
    return f"session-{next(_numbers)}"


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """A file for all tests, since to make one takes a while; one for each bound."""
    folder = tmp_path_factory.mktemp("state")
    with ExitStack() as opened:
        yield cache(lambda most: opened.enter_context(StateFile(folder / f"{most}", survives=Survives.KILL, most=most)))


@pytest.fixture(autouse=True, params=["in memory", "in a file"])
def on_both_stores(request: pytest.FixtureRequest, files: Make) -> Iterator[None]:
    """Run each test of a folder on both."""
    token = _make.set(files if request.param == "in a file" else InMemory)
    yield
    _make.reset(token)
