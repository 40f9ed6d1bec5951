"""What aiohttp, httpx and curl make of a reply: what arrived, and the exception or exit status that they end with."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.networks.client_programs import PROGRAMS, TIME_LIMIT_S, Got, Request

EXITS = {
    1: "UNSUPPORTED_PROTOCOL", 6: "COULDNT_RESOLVE_HOST", 7: "COULDNT_CONNECT", 8: "WEIRD_SERVER_REPLY",
    18: "PARTIAL_FILE", 23: "WRITE_ERROR", 28: "OPERATION_TIMEDOUT", 35: "SSL_CONNECT_ERROR", 47: "TOO_MANY_REDIRECTS",
    52: "GOT_NOTHING", 55: "SEND_ERROR", 56: "RECV_ERROR", 60: "PEER_FAILED_VERIFICATION", 61: "BAD_CONTENT_ENCODING",
}  # fmt: skip
"""As curl/curl.h names them, after CURLE_."""


def with_curl(asked: Request) -> str:
    """A POST as a script would make it, following redirects, with a limit of three seconds."""
    curl = shutil.which("curl")
    if curl is None:
        return "not here"
    with tempfile.TemporaryDirectory() as folder:
        trust = Path(folder, "ca.pem")
        trust.write_text(asked.ca_pem, encoding="ascii")
        words = [curl, "--silent", "--location", "--compressed", "--noproxy", "*", "--max-time", f"{TIME_LIMIT_S:g}"]
        words += ["--output", "/dev/null", "--write-out", "%{http_code} %{size_download}", "--data-binary", "@-"]
        words += ["--cacert", str(trust)] if asked.ca_pem else []
        words += [word for name, value in asked.headers.items() for word in ("--header", f"{name}: {value}")]
        ran = subprocess.run([*words, asked.url], input=asked.body, capture_output=True, timeout=60, check=False)
    status, size = ran.stdout.decode().split()
    arrived = "" if status == "000" else f"{status}, {int(size):,} bytes"
    exit_ = f"`{ran.returncode} {EXITS.get(ran.returncode, '')}`" if ran.returncode else ""
    return ", then ".join(part for part in (arrived, exit_) if part) or "nothing"


def with_program(name: str) -> Callable[[Request], str]:
    """What an asyncio client of that name gets, in a loop of its own."""
    return lambda asked: short(asyncio.run(PROGRAMS[name](asked))[0])  # type: ignore[arg-type]  # every program is a coroutine function


def short(got: Got) -> str:
    """Without the causes behind an exception, which docs/parity.md has, and without the time."""
    arrived = f"{got.status}, {len(got.body):,} bytes" if got.status else ""
    raised = f"`{got.raised.partition(' ← ')[0]}`" if got.raised else ""
    return ", then ".join(part for part in (arrived, raised) if part) or "end of file"


CLIENTS: dict[str, Callable[[Request], str]] = {
    "aiohttp": with_program("aiohttp"),
    "httpx": with_program("httpx"),
    "curl": with_curl,
}
