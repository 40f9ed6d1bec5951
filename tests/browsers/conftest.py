"""What tests of players need: Chromium, Playwright, the packages. Required where CI=true, else skipped with a reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from harness.adapters.browser import SET_UP, player_names, player_profile
from harness.adapters.browser.chromium import Chromium, close_shared, program, shared
from harness.adapters.browser.packages import is_installed
from harness.errors import AdapterError


def missing_chromium() -> str:
    """What is not there of a browser; empty if all is."""
    if any(find_spec(name) is None for name in ("playwright", "imageio_ffmpeg")):
        return "needs the extra: pip install 'drm-harness[browser]'"
    try:
        program()
    except AdapterError as error:
        return str(error)
    return ""


def missing() -> str:
    """What is not there of a browser and its players; empty if all is."""
    if why := missing_chromium():
        return why
    absent = [name for name in player_names() if not is_installed(player_profile(name)[1])]
    return f"needs the players {', '.join(absent)}: {SET_UP}" if absent else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for ``browser`` or ``chromium`` are skipped where it cannot be had."""
    if os.environ.get("CI") == "true":
        return
    for fixture, why in (("browser", missing()), ("chromium", missing_chromium())):
        for item in items:
            if why and fixture in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="module")
def browser() -> Iterator[None]:
    """All is there; the browser ends with the tests of a module, so that others, on the same worker, can count what is left."""
    if why := missing():
        pytest.fail(why)
    yield
    close_shared()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """The browser alone, without players; it ends with the tests of a module, too."""
    if why := missing_chromium():
        pytest.fail(why)
    yield shared()
    close_shared()
