"""``drm-harness serve`` as an all-day service: what is refused at once; and a day from start to end, in its own process."""

from __future__ import annotations

import json
import re
import signal
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.harness.cli.invoking import PORTAL, invoke
from tests.harness.cli.test_real_processes import PATIENCE_S, started


@dataclass(slots=True)
class Day:
    """A running ``serve``, and what its greeting told."""

    process: subprocess.Popen[str]
    greeting: str
    context: ssl.SSLContext | None = None
    token: str = ""

    def told(self, pattern: str) -> str:
        """What follows in the greeting."""
        found = re.search(pattern, self.greeting)
        assert found is not None, self.greeting
        return found[1]

    @property
    def license(self) -> str:
        return self.told(r"license +(\S+)")

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and JSON of a call of the control API."""
        url = self.told(r"control +(\S+)/v1/") + path
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        request = urllib.request.Request(url, json.dumps(body).encode() if body is not None else None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S, context=self.context) as reply:
                data = reply.read()
                return reply.status, json.loads(data) if data else None
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Exit status, and the rest of what it says."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err


@contextmanager
def serving(*words: str) -> Iterator[Day]:
    with started("serve", *words) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or "Ctrl-C stops" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], process.stderr and process.stderr.read()
        assert process.stdout.readline() == "\n"
        yield Day(process, "".join(lines))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_day_without_a_scenario_gets_its_faults_over_the_api(number: signal.Signals) -> None:
    with serving() as day:
        rule = {"when": {"exchange": "license", "nth": 1}, "fault": "status", "status": 503}
        assert day.ask("PUT", "/v1/sessions/default/faults", {"faults": [rule]})[0] == 200
        with pytest.raises(urllib.error.HTTPError, match="503") as refused:
            urllib.request.urlopen(urllib.request.Request(day.license, b"{}"), timeout=PATIENCE_S)
        refused.value.close()
        assert day.ask("GET", "/v1/sessions/default/faults")[1]["faults"][0]["fate"] == "fired"
        status, out, err = day.stop(number)
    assert (status, err) == (0, "")
    assert "! status: unavailable" in out
    assert out.endswith("seen: 1 request (license 1) on 1 connection\nfault status: fired\n")


def test_a_session_is_opened_from_a_scenario_of_the_library_and_its_events_are_marked() -> None:
    with serving() as day:
        assert PORTAL in day.ask("GET", "/v1/scenarios")[1]["names"]
        status, opened = day.ask("POST", "/v1/sessions", {"name": "hotel", "scenario": PORTAL})
        assert (status, opened["scenario"]) == (201, PORTAL)
        status, problem = day.ask("POST", "/v1/sessions", {"scenario": "../../etc/passwd"})
        assert (status, problem["errors"][0]["where"]) == (422, "/scenario")
        with urllib.request.urlopen(urllib.request.Request(opened["endpoints"]["license"], b"{}")) as reply:
            assert reply.headers.get_content_type() == "text/html"
        out = day.stop()[1]
    assert "! captive_portal: not a license reply  [hotel]" in out


def test_quiet_tells_nothing_of_the_wire_and_counts_all_the_same() -> None:
    with serving(PORTAL, "--quiet", "--port", "0") as day:
        with urllib.request.urlopen(urllib.request.Request(day.license, b"{}"), timeout=PATIENCE_S):
            pass
        out = day.stop()[1]
    assert out == "stopping\nseen: 1 request (license 1) on 1 connection\nfault captive_portal: fired\n"


def test_devices_are_served_also_when_nobody_reads_the_output_any_more() -> None:
    with serving() as day:
        assert day.process.stdout is not None
        day.process.stdout.close()
        for _ in range(3):
            with pytest.raises(urllib.error.HTTPError, match="400") as refused:
                urllib.request.urlopen(urllib.request.Request(day.license, b"{}"), timeout=PATIENCE_S)
            refused.value.close()
        assert day.ask("GET", "/v1/sessions/default")[1]["requests"] == 3
        day.process.send_signal(signal.SIGINT)
        assert day.process.wait(PATIENCE_S) == 3  # it could not tell what it saw


@pytest.mark.parametrize("second_signal", [False, True])
def test_an_open_request_has_its_time_and_a_second_signal_ends_it(second_signal: bool) -> None:
    with serving("--grace", "600" if second_signal else "0.3") as day:
        stall = {"when": {"exchange": "license"}, "fault": "stall_after", "after_bytes": "0 bytes", "stall": "1 h"}
        day.ask("PUT", "/v1/sessions/default/faults", {"faults": [stall]})
        where = day.license.split("/")[2].rsplit(":", 1)
        with socket.create_connection((where[0], int(where[1])), PATIENCE_S) as waiting:
            waiting.sendall(b"POST /license HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
            while not day.ask("GET", "/v1/sessions/default")[1]["requests"]:
                pass
            day.process.send_signal(signal.SIGINT)
            if second_signal:
                while day.ask("GET", "/v1/health/ready")[0] != 503:
                    pass
                assert day.process.poll() is None
                day.process.send_signal(signal.SIGTERM)
            out, err = day.process.communicate(timeout=PATIENCE_S)
            assert waiting.recv(10) == b""
    assert (day.process.returncode, err) == (0, "")
    assert "seen: 1 request" in out


def test_a_token_is_shown_once_and_asked_for() -> None:
    with serving("--token") as day:
        assert day.ask("GET", "/v1/sessions")[0] == 401
        day.token = day.told(r"token +(\S+)")
        assert len(day.token) >= 43
        assert day.ask("GET", "/v1/sessions")[0] == 200
        out = day.stop()[1]
    assert day.token not in out


def own_address() -> str | None:
    found = [one.address for each in psutil.net_if_addrs().values() for one in each if one.family == socket.AF_INET]
    return next((address for address in found if not address.startswith("127.")), None)


@pytest.mark.skipif(own_address() is None, reason="this machine has no address that others could reach")
def test_other_machines_come_with_tls_a_token_and_a_key(folder: Path) -> None:
    host = str(own_address())
    with serving(PORTAL, "--host", host, "--ca-folder", "authority") as day:
        day.context = ssl.create_default_context(cafile=folder / "authority" / "ca.pem")
        assert day.ask("GET", "/v1/sessions")[0] == 401
        day.token = day.told(r"token +(\S+)")
        assert day.ask("GET", "/v1/sessions")[0] == 200
        with urllib.request.urlopen(f"https://{host}:{day.told(rf'control +https://{host}:([0-9]+)')}/v1/ca.pem",
                                    context=day.context) as reply:  # fmt: skip
            assert reply.read() == (folder / "authority" / "ca.pem").read_bytes()
        key = day.told(r"license +\S+/k/([0-9a-f]{32})/license")
        for address, status in ((day.license.replace(key, "0" * 32), 404), (day.license.replace(f"/k/{key}", ""), 404)):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(urllib.request.Request(address, b"{}"), context=day.context)
            assert refused.value.code == status
            refused.value.close()
        with urllib.request.urlopen(urllib.request.Request(day.license, b"{}"), context=day.context) as reply:
            assert reply.headers.get_content_type() == "text/html"
        assert day.stop()[0] == 0
    assert {file.stat().st_mode & 0o077 for file in (folder / "authority").iterdir()} == {0}
    with started("serve", "--host", "192.0.2.77", "--ca-folder", "authority") as process:
        assert "was made for another host" in process.communicate(timeout=PATIENCE_S)[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--host", "0.0.0.0"], "is no address that a device could be given"),
        (["--tls-cert", "a.pem"], "--tls-cert and --tls-key go together"),
        (["--ca-folder", "a"], "are for addresses that other machines can reach"),
        (["--host", "192.0.2.77", "--tls-cert", "a", "--tls-key", "b", "--ca-folder", "c"], "leave --ca-folder out"),
        ([PORTAL, "--dialect", "wmdrm"], "leave --dialect out"),
        (["--dialect", "wmdr"], "no dialect is named 'wmdr'"),
        (["license_acquisition"], "serve takes one at a time"),
    ],
)
def test_what_does_not_go_together_is_refused_before_anything_listens(words: list[str], sentence: str) -> None:
    result = invoke("serve", *words)
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())


def test_a_certificate_of_ones_own_that_is_none_is_told(folder: Path) -> None:
    for name in ("cert.pem", "key.pem"):
        (folder / name).write_text("nothing of the kind")
    result = invoke("serve", "--host", "192.0.2.77", "--tls-cert", "cert.pem", "--tls-key", "key.pem")
    assert result.exit_code == 2
    assert "are no certificate with its key" in result.output
