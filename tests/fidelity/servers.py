"""Brings each peer up on 127.0.0.1, with the faults of ``peers.py`` set up by its own means, and takes it down again.

npm's come at exact versions into a cache outside the project, without their install scripts. WireMock and MockServer are Java
programs inside npm packages: they need a Java runtime (on Debian: ``apt-get install default-jre-headless``).
"""

from __future__ import annotations

import base64
import json
import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harness.adapters.browser.packages import cache_folder

HERE = Path(__file__).parent
PACKAGES = {
    "WireMock": "wiremock@3.13.2",
    "mockttp": "mockttp@4.6.5",
    "mountebank": "@mbtest/mountebank@2.9.2",
    "MockServer": "mockserver-node@8.0.0",
}
UP_WITHIN_S = 180.0


class PeerError(Exception):
    """A peer cannot be had here; the text says what is missing."""


def folder() -> Path:
    """Where npm's peers are kept."""
    return cache_folder() / "peers"


def install() -> None:
    """Fetch what is not there yet.

    Raises:
        PeerError: There is no npm, or it cannot get them.
    """
    modules = folder() / "node_modules"
    if all((modules / package.rpartition("@")[0]).is_dir() for package in PACKAGES.values()):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise PeerError("peers come from npm, and there is none here; on Debian: apt-get install npm")
    folder().mkdir(parents=True, exist_ok=True)
    words = [
        npm,
        "install",
        "--prefix",
        str(folder()),
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--silent",
        *PACKAGES.values(),
    ]
    if subprocess.run(words, check=False).returncode:
        raise PeerError(f"npm could not get {', '.join(PACKAGES.values())}")


@contextmanager
def wiremock() -> Iterator[str]:
    """Faults by stub mappings."""
    (jar,) = (folder() / "node_modules/wiremock/build").glob("*.jar")
    port = _free_port()
    with _running(_java(), "-jar", str(jar), "--port", str(port), "--bind-address", "127.0.0.1", "--disable-banner") as url_of:
        url = url_of(port, "/__admin/mappings")
        for path, answer in {
            "/reset": {"fault": "CONNECTION_RESET_BY_PEER"},
            "/empty": {"fault": "EMPTY_RESPONSE"},
            "/chunk": {"fault": "MALFORMED_RESPONSE_CHUNK"},
            "/random": {"fault": "RANDOM_DATA_THEN_CLOSE"},
            "/delay": {"status": 200, "fixedDelayMilliseconds": 60_000},
        }.items():
            _put("POST", f"{url}/__admin/mappings", {"request": {"method": "POST", "urlPath": path}, "response": answer})
        yield url


@contextmanager
def mockttp() -> Iterator[str]:
    """Faults by steps of rules; in a program of its own, since it is a library."""
    node = _found("node", "nodejs")
    words = [node, str(HERE / "mockttp_server.cjs"), str(folder() / "node_modules/mockttp")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(program.stdout.readline())}"
        finally:
            program.stdin.close()


@contextmanager
def mountebank() -> Iterator[str]:
    """Faults of an imposter."""
    node, port = _found("node", "nodejs"), _free_port()
    mb = folder() / "node_modules/@mbtest/mountebank/bin/mb"
    with _running(node, str(mb), "start", "--port", str(port), "--host", "127.0.0.1", "--localOnly", "--nologfile") as url_of:
        admin = url_of(port, "/imposters")
        stubs = [
            {"predicates": [{"equals": {"path": path}}], "responses": [{"fault": fault}]}
            for path, fault in {"/reset": "CONNECTION_RESET_BY_PEER", "/random": "RANDOM_DATA_THEN_CLOSE"}.items()
        ]
        made = _put("POST", f"{admin}/imposters", {"protocol": "http", "host": "127.0.0.1", "stubs": stubs})
        yield f"http://127.0.0.1:{made['port']}"


@contextmanager
def mockserver() -> Iterator[str]:
    """Faults as errors of expectations."""
    (jar,) = (folder() / "node_modules/mockserver-node").glob("*.jar")
    port = _free_port()
    words = ["-Dmockserver.localBoundIP=127.0.0.1", "-Dmockserver.logLevel=ERROR", "-jar", str(jar), "-serverPort", str(port)]
    with _running(_java(), *words) as url_of:
        url = url_of(port, "/mockserver/status", "PUT")
        cut = base64.b64encode(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhi").decode()
        for path, error in {
            "/drop": {"dropConnection": True},
            "/bytes": {"dropConnection": True, "responseBytes": cut},
        }.items():
            _put("PUT", f"{url}/mockserver/expectation", {"httpRequest": {"path": path}, "httpError": error})
        yield url


@contextmanager
def pytest_httpserver() -> Iterator[str]:
    """It has no faults of its own: what its users do instead, in their handlers."""

    def raises(request: Request) -> Response:
        raise RuntimeError("as a handler may")

    def sleeps(request: Request) -> Response:
        time.sleep(60.0)  # as a user would write it; the server's thread ends with the program
        return Response("late")

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)  # it would tell every request
    server = HTTPServer(host="127.0.0.1", port=0, threaded=True)
    for path, handler in {"/raises": raises, "/sleeps": sleeps}.items():
        server.expect_request(path).respond_with_handler(handler)
    server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        assert server.server is not None
        server.server.shutdown()  # and not its stop, which waits for the handler that sleeps


SERVERS: dict[str, Callable[[], Any]] = {
    "WireMock": wiremock,
    "mockttp": mockttp,
    "mountebank": mountebank,
    "MockServer": mockserver,
    "pytest-httpserver": pytest_httpserver,
}


def version_of(peer: str) -> str:
    """As its package says."""
    if peer not in PACKAGES:
        return version(peer)
    package = folder() / "node_modules" / PACKAGES[peer].rpartition("@")[0] / "package.json"
    found: str = json.loads(package.read_text(encoding="utf-8"))["version"]
    return found


@contextmanager
def _running(*words: str) -> Iterator[Callable[..., str]]:
    """A program, and how to wait until it answers."""
    program = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder())

    def url_of(port: int, path: str, method: str = "GET") -> str:
        deadline_s = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < deadline_s and program.poll() is None:
            try:
                httpx.request(method, f"http://127.0.0.1:{port}{path}", trust_env=False, verify=False, timeout=5.0)
            except httpx.TransportError:
                time.sleep(0.2)  # between two knocks
            else:
                return f"http://127.0.0.1:{port}"
        raise PeerError(f"{Path(words[0]).name} did not come up: {' '.join(words)}")

    try:
        yield url_of
    finally:
        program.terminate()
        try:
            program.wait(10)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def _put(method: str, url: str, body: object) -> Any:
    answer = httpx.request(method, url, json=body, trust_env=False, timeout=20.0).raise_for_status()
    return answer.json() if answer.content else None


def _java() -> str:
    return _found("java", "default-jre-headless")


def _found(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise PeerError(f"needs {program}, and there is none here; on Debian: apt-get install {package}")
    return found


def _free_port() -> int:
    """For programs that must be told a port; nobody else takes ports here meanwhile."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
