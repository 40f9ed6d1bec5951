"""Where players come from and where they are kept: unmodified npm packages, at exact versions, in a cache outside the project.

Which player and which version stands in its profile, and nowhere else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from harness.errors import AdapterError
from harness.scenario.player import Player

CACHE_VARIABLE = "DRM_HARNESS_CACHE"
DOWNLOAD_LIMIT_S = 300.0


def cache_folder() -> Path:
    """``$DRM_HARNESS_CACHE``, else ``drm-harness`` in the user's cache."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "drm-harness")


def films_folder() -> Path:
    """Where test films are kept."""
    return cache_folder() / "films"


def folder_of(player: Player) -> Path:
    """Where the player's package is, or would be."""
    return cache_folder() / "players" / player.package.replace("/", "+")


def is_installed(player: Player) -> bool:
    """Whether it is there."""
    return (folder_of(player) / "package.json").is_file()


def install(player: Player) -> bool:
    """Fetch the package by npm; False if it is there already.

    Only the package itself is fetched, no dependencies, and no script of it is run: what a page loads is its bundle.

    Raises:
        AdapterError: There is no npm, or it cannot get the package.
    """
    if is_installed(player):
        return False
    npm = shutil.which("npm")
    if npm is None:
        raise AdapterError("players come from npm, and there is none here; on Debian: apt-get install npm")
    target = folder_of(player)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        command = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", folder, player.package]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_LIMIT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AdapterError(f"npm could not get {player.package}: {error}") from error
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise AdapterError(f"npm could not get {player.package}: {done.stderr.strip() or f'status {done.returncode}'}")
        with tarfile.open(archives[0]) as archive:
            archive.extractall(folder, filter="data")
        Path(folder, "package").replace(target)
    return True
