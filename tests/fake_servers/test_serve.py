"""``python -m fake_servers``: what a person sees, and how it ends."""

from __future__ import annotations

import re
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fake_servers.journal import (
    ConnectionClosed,
    ConnectionOpened,
    Event,
    HandshakeFailed,
    ListenerChanged,
    ReplySent,
    RequestReceived,
    TruthChanged,
)
from fake_servers.serve import line
from tests.fake_servers.sessions import BODY

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def served(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, up, and the license URL that it printed."""
    command = [sys.executable, "-u", "-m", "fake_servers", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        try:
            url = ""
            for text in process.stdout:
                if match := re.match(r"license +(\S+)", text):
                    url = match[1]
                if text.startswith("Ctrl-C"):
                    break
            yield process, url
        finally:
            process.kill()


def finished(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fake_servers", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def test_it_serves_tells_each_event_and_stops_gracefully() -> None:
    with served() as (process, url):
        with urllib.request.urlopen(urllib.request.Request(url, BODY)) as reply:
            assert reply.status == 200
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
        assert process.returncode == 0
    assert re.search(r"\d s  connection 1 opened\n", out)
    assert re.search(r"request 1 license 1: POST /license, \d+ bytes content=", out)
    assert "truth: license_issued content=film" in out
    assert re.search(r"reply 1 200 granted, \d+ bytes\n", out)
    assert out.endswith("Stopped.\n")


def test_it_serves_over_tls_and_writes_what_to_trust(tmp_path: Path) -> None:
    trust = tmp_path / "ca.pem"
    with served("--tls", "--ca-file", str(trust)) as (_, url):
        context = ssl.create_default_context(cafile=str(trust))
        with urllib.request.urlopen(urllib.request.Request(url, BODY), context=context) as reply:
            assert reply.status == 200


def test_a_port_in_use_ends_it_with_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
        done = finished("--port", str(port))
    assert (done.returncode, done.stderr) == (
        2,
        f"Error: port {port} on 127.0.0.1 is in use: choose another, or 0 for any free one\n",
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--host", "0.0.0.0"], "is not an address of this machine alone"),
        (["--dialect", "clearky"], "did you mean 'clearkey'?"),
        (["--port", "70000"], "is not in the range"),
    ],
)
def test_a_mistake_ends_it_with_a_sentence(options: list[str], sentence: str) -> None:
    done = finished(*options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


ASKED: dict[str, Any] = {"request": 1, "connection": 2, "service": "license", "exchange": "license", "nth": 3}


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (ConnectionOpened(connection=1, service="license", tls=True), "connection 1 opened (TLS)"),
        (
            ConnectionClosed(connection=1, service="license", by="client", how="fin", open_request=4, open_s=1.5),
            "connection 1 closed by the client (fin) after 1.500 s, request 4 unanswered",
        ),
        (HandshakeFailed(connection=1, service="license", detail="unknown ca"), "connection 1 no TLS: unknown ca"),
        (
            RequestReceived(**ASKED, method="PUT", path="/license", problem="the method is PUT"),
            "request 1 license 3: PUT /license, 0 bytes  -- the method is PUT",
        ),
        (ReplySent(**ASKED, status=None, answer="granted", complete=False), "reply 1 lost granted, 0 bytes, not whole"),
        (TruthChanged(service="license", what="x", data={"device": "", "n": 0}), "truth: x n=0"),
        (
            ListenerChanged(service="license", listening=True),
            '{"kind":"listener_changed","service":"license","listening":true}',
        ),
    ],
)
def test_each_event_is_a_line(event: Event, text: str) -> None:
    assert line(event) == text
