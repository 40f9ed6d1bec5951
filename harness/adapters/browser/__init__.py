"""Players in a browser: ``browser:shaka``, or ``browser:shaka:tuned`` for the tuned settings of its profile.

A player is a page (``pages/NAME.html``) and a profile (``harness/scenario/profiles/NAME.yaml``), and nothing else.
"""

from __future__ import annotations

import difflib
from importlib.util import find_spec

from harness.adapters.browser.chromium import program
from harness.adapters.browser.client import BrowserClient
from harness.adapters.browser.packages import is_installed
from harness.adapters.browser.server import PAGES
from harness.adapters.registry import adapter
from harness.errors import AdapterError
from harness.scenario.load import load_profile
from harness.scenario.player import Player
from harness.scenario.profile import Profile

TUNED = "tuned"
SET_UP = "python -m harness.adapters.browser"


def player_names() -> list[str]:
    """The players that there are pages for."""
    return sorted(page.stem for page in PAGES.glob("*.html"))


def player_profile(name: str, profile: Profile | None = None) -> tuple[Profile, Player]:
    """A player's profile, or the user's own instead; and the part of it that is about the player.

    Args:
        name: The page's name, or that with ``:tuned``.

    Raises:
        AdapterError: There is no such player, or the profile tells of none, or of no other settings.
    """
    page, _, variant = name.partition(":")
    if page not in player_names():
        near = difflib.get_close_matches(page, player_names(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(player_names())}"
        raise AdapterError(f"browser:{name}: no page plays {page!r}; {hint}")
    given = profile or load_profile(page)
    if given.player is None:
        raise AdapterError(f"browser:{name}: the profile {given.name!r} has no part 'player', so nothing tells its events")
    if not variant:
        return given, given.player
    if variant != TUNED or given.player.tuned is None:
        raise AdapterError(f"browser:{name}: write browser:{page}, or browser:{page}:{TUNED} if its profile has tuned settings")
    tuned = given.player.tuned
    player = given.player.model_copy(update={"settings": tuned.settings, "tuned": None})
    return given.model_copy(update={"name": f"{given.name}:{TUNED}", "retry": tuned.retry, "player": player}), player


@adapter("browser")
def browser_client(argument: str, profile: Profile | None) -> BrowserClient:
    """The player that the page of this name plays with.

    Raises:
        AdapterError: There is no such page, or something that it needs is not installed.
    """
    given, player = player_profile(argument, profile)
    if find_spec("playwright") is None:
        raise AdapterError(f"browser:{argument}: Playwright, which drives it, is missing; pip install 'drm-harness[browser]'")
    program()
    if not is_installed(player):
        raise AdapterError(f"browser:{argument}: {player.package} is not installed; {SET_UP} does it")
    return BrowserClient(argument.partition(":")[0], given, player)
