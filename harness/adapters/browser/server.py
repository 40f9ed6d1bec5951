"""The web server of the pages: pages, players and films, on a port of its own that no fault ever meets.

The license service has another port, so it is another origin, as in the field.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from harness.adapters.browser.media import Film, film, master_playlist, media_playlist, mpd
from harness.adapters.browser.packages import films_folder, folder_of
from harness.scenario.player import Player

PAGES = Path(__file__).parent / "pages"
HOST = "127.0.0.1"
"""A secure context for a browser, which EME asks for."""

MANIFESTS: dict[str, Callable[[Film], str]] = {"film.mpd": mpd, "film.m3u8": media_playlist, "master.m3u8": master_playlist}
TYPES = {".mpd": "application/dash+xml", ".m3u8": "application/vnd.apple.mpegurl", ".mp4": "video/mp4"}


class PageServer:
    """Serves all players of this process.

    Attributes:
        origin: ``http://127.0.0.1:PORT``, once it is up.
    """

    def __init__(self) -> None:
        self.origin = ""
        self._players: dict[str, Player] = {}
        app = web.Application()
        app.router.add_get("/favicon.ico", _nothing)
        app.router.add_get("/player/{package}/{file:.+}", self._player_file)
        app.router.add_get("/film/{content}/{file}", _film_file)
        app.router.add_static("/", PAGES)
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> None:
        """Listen on a free port."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        self.origin = f"http://{HOST}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close the port."""
        await self._runner.cleanup()

    def offer(self, player: Player) -> str:
        """Serve a player's package; the address below which its files are."""
        self._players[player.package] = player
        return f"{self.origin}/player/{player.package}/"

    async def _player_file(self, request: web.Request) -> web.StreamResponse:
        player = self._players.get(request.match_info["package"])
        if player is None:
            raise web.HTTPNotFound
        folder = folder_of(player).resolve()
        file = (folder / request.match_info["file"]).resolve()
        if not file.is_relative_to(folder) or not file.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(file)


async def _nothing(request: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


async def _film_file(request: web.Request) -> web.StreamResponse:
    shown, name = film(request.match_info["content"], films_folder()), request.match_info["file"]
    if name in MANIFESTS:
        return web.Response(text=MANIFESTS[name](shown), content_type=TYPES[Path(name).suffix])
    if name != "film.mp4":
        raise web.HTTPNotFound
    return _ranged(request, shown)


def _ranged(request: web.Request, shown: Film) -> web.Response:
    """A film, or the part of it that is asked for: players read by ranges."""
    part, size, headers = request.http_range, len(shown.data), {"Accept-Ranges": "bytes"}
    if part.start is None and part.stop is None:
        return web.Response(body=shown.data, content_type=TYPES[".mp4"], headers=headers)
    begin, end, _ = part.indices(size)
    headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    return web.Response(status=206, body=shown.data[begin:end], content_type=TYPES[".mp4"], headers=headers)
