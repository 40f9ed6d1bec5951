"""``drm-harness proxy`` as a process of its own, with services or nobody behind it: what its user sees, and what comes."""

from __future__ import annotations

import http.client
import json
import os
import pty
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from harness.trace.jsonl import read_trace
from tests.harness.cli.invoking import UNDISTURBED, invoke, json_of
from tests.harness.cli.test_real_processes import PATIENCE_S, started

COMES_BACK = "license_acquisition/asked_to_come_back"
PORTAL = "license_acquisition/captive_portal"
SECRET = "s3cret-d41d8cd98f00b204"


@dataclass
class Proxied:
    """A running proxy."""

    process: subprocess.Popen[str]
    addresses: list[str]
    greeting: str

    def ask(self, path: str = "", headers: dict[str, str] | None = None, body: bytes = b"{}", address: int = 0) -> int:
        """The status of one POST on a connection of its own; 0 if the connection broke."""
        parts = urlsplit(self.addresses[address])
        client = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
        try:
            client.request("POST", parts.path.rstrip("/") + "/" + path, body, headers or {})
            reply = client.getresponse()
            reply.read()
            return reply.status
        except ConnectionError:
            return 0
        finally:
            client.close()

    def ended(self, number: signal.Signals | None = signal.SIGINT) -> tuple[int, str, str]:
        """Exit status, output and errors after the greeting."""
        if number is not None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err


@contextmanager
def proxied(*words: str, on_stderr: bool = False, stdin: int | None = None) -> Iterator[Proxied]:
    with started("proxy", *words, stdin=stdin) as process:
        stream = process.stderr if on_stderr else process.stdout
        assert stream is not None
        lines: list[str] = []
        while "Ctrl-C stops" not in "".join(lines[-1:]):
            lines.append(stream.readline())
            assert lines[-1], process.communicate()
        addresses = [line.split()[1] for line in lines if re.match(r" *[a-z]+ +http", line)]
        yield Proxied(process, addresses, "".join(lines))


@pytest.fixture
def services() -> Iterator[str]:
    """A second instance of our own: undisturbed services, all at one port."""
    with started("serve", UNDISTURBED, "--port", "0") as process:
        assert process.stdout is not None
        address = ""
        for line in process.stdout:
            if line.strip().startswith("license "):
                address = line.split()[1]
            if "Ctrl-C" in line:
                break
        yield address.removesuffix("/license")


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{sock.getsockname()[1]}/"


def rulings(report: Any) -> dict[str, str]:
    (run,) = report["runs"]
    return {check["id"]: check["ruling"] for check in run["checks"]}


def test_faults_meet_what_passes_and_the_end_is_a_report_that_check_gives_again(services: str, folder: Path) -> None:
    with proxied("--upstream", services, "--scenario", PORTAL, "--trace", "traces") as proxy:
        assert "its faults are used" in proxy.greeting
        assert proxy.ask("license") == 200  # the portal, in the service's name
        assert proxy.ask("license") == 400  # the service itself, which reads nothing in the payload
        status, out, err = proxy.ended()
    assert (status, err) == (0, "")
    assert "! captive_portal: not a license reply" in out
    assert "upstream: 400" in out
    assert out.count("client device (proxy)") == 1
    assert re.search(r"faults: captive_portal fired\nchecks: [1-9]\d* of \d+ checks judged\n", out)
    (file,) = (folder / "traces").glob("*.jsonl")
    again = json_of("check", str(file), "--json")
    trace = read_trace(file)
    assert trace.head.capabilities == {"wire"}
    assert {ruling for check, ruling in rulings(again).items() if check.startswith("STATUS")} == {"not applicable"}
    assert rulings(again)["RETRY-008"] == "pass"


def test_a_client_that_does_not_wait_as_it_was_asked_is_found_out(services: str) -> None:
    with proxied("--upstream", services, "--scenario", COMES_BACK) as proxy:
        assert [proxy.ask("license"), proxy.ask("license")] == [503, 400]
        status, out, _ = proxy.ended(signal.SIGTERM)
    assert status == 1
    assert "RETRY-007" in out
    assert "to hand over: drm-harness-traces" in out


def test_a_user_who_tries_again_is_not_taken_for_a_client_that_does(services: str) -> None:
    with proxied("--upstream", services, "--scenario", COMES_BACK, "--trace", "traces") as proxy:
        proxy.ask("license")
        proxy.process.send_signal(signal.SIGUSR1)
        told_of(proxy, "user     retry")
        proxy.ask("license")
        status, out, _ = proxy.ended()
    assert status == 0, out


def told_of(proxy: Proxied, words: str) -> None:
    """Once the live log says so."""
    assert proxy.process.stdout is not None
    for line in proxy.process.stdout:
        if words in line:
            return
    pytest.fail(f"the log never said {words!r}")


def test_enter_on_the_terminal_says_that_the_user_tries_again(services: str) -> None:
    master, slave = pty.openpty()
    try:
        with proxied("--upstream", services, "--scenario", COMES_BACK, stdin=slave) as proxy:
            os.write(master, b"\n")
            told_of(proxy, "user     retry")
            os.write(master, b"tv\n")
            assert proxy.process.stderr is not None
            assert proxy.process.stderr.readline() == "no session is named 'tv', only default\n"
            _, _, err = proxy.ended()
    finally:
        os.close(master)
        os.close(slave)
    assert err == ""


def test_the_promised_pauses_are_judged_with_a_profile(services: str) -> None:
    scenario = "license_acquisition/first_tries_fail"
    with proxied("--upstream", services, "--scenario", scenario, "--profile", "curl_retry", "--json", on_stderr=True) as proxy:
        proxy.ask("license")
        proxy.ask("license")
        status, out, _ = proxy.ended()
    assert status == 1
    assert rulings(json.loads(out))["RETRY-006"] == "fail"


def test_json_is_all_that_stands_on_standard_output(nobody: str) -> None:
    with proxied("--upstream", nobody, "--scenario", UNDISTURBED, "--json", on_stderr=True) as proxy:
        assert proxy.ask() == 502
        status, out, err = proxy.ended()
    report = json.loads(out)
    assert report["command"] == "proxy"
    assert report["exit_status"] == status
    assert "upstream failed: it refused the connection" in err


def test_without_a_request_nothing_is_shown(nobody: str) -> None:
    with proxied("--upstream", nobody, "--scenario", UNDISTURBED) as proxy:
        status, out, _ = proxy.ended()
    assert status == 3
    assert "1 inconclusive · exit status 3" in out


def test_it_ends_by_itself_when_nothing_is_asked_any_more(nobody: str) -> None:
    with proxied("--upstream", nobody, "--scenario", UNDISTURBED, "--until-idle", "300 ms") as proxy:
        assert proxy.ask() == 502
        _, out, _ = proxy.ended(None)
    assert "stopping: quiet" in out


def test_it_ends_by_itself_when_its_time_is_up(nobody: str) -> None:
    with proxied("--upstream", nobody, "--scenario", UNDISTURBED, "--duration", "100 ms") as proxy:
        status, out, _ = proxy.ended(None)
    assert (status, "stopping: time is up" in out) == (3, True)


def test_no_secret_reaches_the_terminal_or_a_file(services: str, folder: Path) -> None:
    headers = {"Authorization": f"Bearer {SECRET}", "Cookie": f"a={SECRET}", "X-Vendor-Token": SECRET}
    url = f"{services}/license?token={SECRET}"
    with proxied("--upstream", url, "--scenario", PORTAL, "--trace", "traces") as proxy:
        for _ in range(2):
            proxy.ask(f"{SECRET * 2}/x?t={SECRET}", headers, SECRET.encode())
        _, out, err = proxy.ended()
    everything = [proxy.greeting, out, err, *(file.read_text() for file in (folder / "traces").iterdir())]
    assert not [text for text in everything if SECRET in text]
    assert '"x-vendor-token":"(23 bytes, not shown)"' in everything[-1]


@pytest.mark.parametrize("shares", [True, False])
def test_each_session_has_faults_and_a_report_of_its_own(nobody: str, shares: bool) -> None:
    words = ["--upstream", nobody, "--scenario", PORTAL, "--session", "tv", "--session", "phone", "--trace", "traces"]
    with proxied(*words, *(["--port", "0"] if shares else [])) as proxy:
        assert len(proxy.addresses) == 2
        assert (len({urlsplit(address).port for address in proxy.addresses}) == 1) is shares
        assert [proxy.ask(address=0), proxy.ask(address=1), proxy.ask(address=0)] == [200, 200, 502]
        _, out, _ = proxy.ended()
    assert "client tv (proxy)" in out
    assert "client phone (proxy)" in out
    assert "2 passed" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--scenario", "license_acquisition/denied"], "'denied' is a decision of the license service"),
        (["--scenario", "license_acquisition/individualize_again_first"], "is a decision of the license service"),
        (
            ["--scenario", "individualization/first_tries_fail", "--exchange", "license=/x"],
            "has no exchange 'individualization'",
        ),
        (["--scenario", "license_acquisition/somebody_elses_certificate", "--upstream", "http://u:p@h/"], "holds no user name"),
        (["--scenario", PORTAL, "--exchange", "licence=/x"], "no exchange is named 'licence'"),
        (["--scenario", PORTAL, "--exchange", "x"], "names no requests"),
        (["--scenario", PORTAL, "--until-idle", "5"], "needs a number and one of the units"),
        (["--scenario", "license_acquisition"], "a proxy takes one at a time"),
        (
            ["--scenario", "license_acquisition/nobody_listens", "--session", "a", "--session", "b", "--port", "0"],
            "acts before",
        ),
        (["--scenario", PORTAL, "--upstream", "https://h", "--upstream-ca", "none.pem"], "no such file"),
    ],
)
def test_what_cannot_be_done_is_refused_with_words_before_anything_listens(words: list[str], sentence: str) -> None:
    upstream = [] if "--upstream" in words else ["--upstream", "http://127.0.0.1:1"]
    result = invoke("proxy", *upstream, *words)
    assert result.exit_code == 2, result.output
    assert sentence in " ".join(result.stderr.replace("│", " ").split())
    assert result.stdout == ""
