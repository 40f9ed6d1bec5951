"""Sets up what players need, their packages and the test film: ``python -m harness.adapters.browser [NAME ...]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from harness.adapters.browser import player_names, player_profile
from harness.adapters.browser.chromium import program
from harness.adapters.browser.media import film
from harness.adapters.browser.packages import films_folder, folder_of, install
from harness.errors import HarnessError

CONTENT = "film"
USAGE = 2


def main(names: Sequence[str]) -> int:
    """Set up these players, or all. Exit status: 0, or 2 if something cannot be had."""
    try:
        print(f"browser: {program()}")
        for name in names or player_names():
            _, player = player_profile(name)
            news = "fetched" if install(player) else "here already"
            print(f"{name}: {player.package}, {news}, in {folder_of(player)}")
        print(f"test film: {len(film(CONTENT, films_folder()).data)} bytes, in {films_folder()}")
    except HarnessError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
