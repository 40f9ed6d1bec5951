"""A command line as a client: what it is told, what its exit status says, and how it is stopped."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fake_servers.content_keys import key_check, key_id_text
from harness.adapters.registry import client_from
from harness.adapters.wire import PLACEHOLDERS, WireClient, wire_client
from harness.errors import AdapterError
from harness.operations.retry import RetryPolicy
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.trace.entry import OutcomeClaimed, Seen
from tests.harness.adapters.given_setup import Heard, setup_for
from tests.harness.adapters.stdio_session import ACQUIRE, PATIENCE_S, program

pytestmark = pytest.mark.usefixtures("nothing_is_left")

NASTY_URL = "http://127.0.0.1:9/li cense?a='b'&c=\"d\";touch${IFS}x#`id`"


class Running:
    """A wire client between ``initialize`` and ``shutdown``."""

    def __init__(self, client: WireClient, heard: Heard) -> None:
        self.client, self.heard = client, heard
        self._news = asyncio.Event()

    def hear(self, said: StatusMessage | Seen) -> None:
        self.heard.everything.append(said)
        self._news.set()

    async def until(self, happened: Callable[[Heard], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not happened(self.heard):
                self._news.clear()
                await self._news.wait()

    async def round(self) -> None:
        """Wait for one more outcome."""
        number = len(self.heard.outcomes) + 1
        await self.until(lambda heard: len(heard.outcomes) == number)


async def begun(running: Running) -> None:
    """The program runs and has set up its signal handlers."""
    await running.client.start(ACQUIRE)
    await running.until(lambda heard: heard.notes("stderr") == ["ready"])


async def one_round(running: Running) -> None:
    await running.client.start(ACQUIRE)
    await running.round()


def command(*words: str) -> str:
    return shlex.join(program("programs.command", *words))


def heard_from(
    line: str, folder: Path, play: Callable[[Running], Awaitable[None]], profile: Profile | None = None, **setup: Any
) -> Heard:
    heard = Heard()
    client = wire_client(line, profile)

    async def session() -> None:
        running = Running(client, heard)
        try:
            await client.initialize(setup_for(heard, folder, note=running.hear, **setup))
            await play(running)
        finally:
            await client.shutdown()
            await client.shutdown()

    asyncio.run(session())
    return heard


def runs_in(folder: Path) -> list[list[str]]:
    return [json.loads(line) for line in (folder / "runs").read_text().splitlines()]


def test_every_placeholder_reaches_the_program_as_it_is(tmp_path: Path) -> None:
    names = [name for name in PLACEHOLDERS if name.endswith(("license_url", "request", "_file", "content", "key_check"))]
    line = command("exit", "0", "{state_dir}", *(f"{{{name}}}" for name in names), "--x={content}/{content}", "{{}}")
    heard_from(line, tmp_path, one_round, endpoints={"license": NASTY_URL}, ca_file="/ca dir/ca.pem")
    told = dict(zip([*names, "x", "braces"], runs_in(tmp_path)[0][3:], strict=True))
    body = json.dumps({"kids": [key_id_text("film")], "type": "temporary"}, separators=(",", ":"))
    assert told == {
        "license_url": NASTY_URL,
        "request": body,
        "request_file": str(tmp_path / "request"),
        "reply_file": str(tmp_path / "reply"),
        "ca_file": "/ca dir/ca.pem",
        "content": "film",
        "key_check": key_check("film"),
        "x": "--x=film/film",
        "braces": "{}",
    }
    assert (tmp_path / "request").read_text() == body


def test_the_request_file_is_written_only_where_it_is_used(tmp_path: Path) -> None:
    heard_from(command("exit", "0", "{state_dir}", "{ca_file}."), tmp_path, one_round)
    assert runs_in(tmp_path)[0][3] == "."  # no TLS, no file
    assert not (tmp_path / "request").exists()


def test_each_run_of_a_dialect_with_nonces_has_a_fresh_one(tmp_path: Path) -> None:
    async def two_rounds(running: Running) -> None:
        await one_round(running)
        await running.client.retry()
        await running.round()

    heard_from(command("exit", "1", "{state_dir}", "{request}"), tmp_path, two_rounds, dialect="wmdrm")
    first, second = (run[3] for run in runs_in(tmp_path))
    assert first != second
    assert first.startswith("nonsilent=0&challenge=")


CURL_LIKE = Profile(name="curl", phases=(), retry=None, exits={"0": "succeeded", "22": "blocked", "default": "failed"})


@pytest.mark.parametrize(
    ("status", "profile", "outcome"),
    [
        (0, None, "succeeded"),
        (1, None, "failed"),
        (0, CURL_LIKE, "succeeded"),
        (22, CURL_LIKE, "blocked"),
        (7, CURL_LIKE, "failed"),
        (3, Profile(name="x", exits={"3": "declined"}), "declined"),
        (4, Profile(name="x", exits={"3": "declined"}), "failed"),
    ],
)
def test_the_exit_status_says_how_it_ended_as_the_profile_maps_it(
    status: int, profile: Profile | None, outcome: str, tmp_path: Path
) -> None:
    heard = heard_from(command("exit", str(status), "{state_dir}"), tmp_path, one_round, profile)
    assert heard.outcomes == [outcome]
    assert heard.notes() == [f"exit: status {status}"]
    assert [said.exit_status for said in heard.everything if isinstance(said, OutcomeClaimed)] == [status]


@pytest.mark.parametrize(
    ("words", "profile", "outcome", "exit_"),
    [
        (("wait", ""), None, "cancelled", "signal SIGINT"),
        (("handle", "130"), None, "cancelled", "status 130"),  # as a shell says it
        (("handle", "0"), None, "succeeded", "status 0"),  # it had the license already
        (("handle", "5"), None, "failed", "status 5"),
        (("handle", "130"), Profile(name="x", exits={"130": "failed"}), "failed", "status 130"),
        (("stubborn", ""), None, "cancelled", "signal SIGKILL"),
    ],
)
def test_a_cancelled_command_is_cancelled_only_if_our_signal_ended_it(
    words: tuple[str, str], profile: Profile | None, outcome: str, exit_: str, tmp_path: Path
) -> None:
    async def cancelled(running: Running) -> None:
        await begun(running)
        await running.client.cancel()
        await running.client.cancel()
        await running.round()

    heard = heard_from(command(*words, "{state_dir}"), tmp_path, cancelled, profile)
    assert heard.outcomes == [outcome]
    assert heard.notes("exit") == [exit_]


def test_a_command_that_a_strangers_signal_ended_has_failed(tmp_path: Path) -> None:
    heard = heard_from("sh -c 'kill -INT $$'", tmp_path, one_round)
    assert heard.outcomes == ["failed"]
    assert heard.notes("exit") == ["signal SIGINT"]


def test_a_cancel_with_nothing_to_cancel_is_nothing(tmp_path: Path) -> None:
    async def too_late(running: Running) -> None:
        await running.client.cancel()
        await one_round(running)
        await running.client.cancel()

    heard = heard_from(command("exit", "0", "{state_dir}"), tmp_path, too_late)
    assert heard.outcomes == ["succeeded"]


def test_a_users_retry_runs_the_command_again_and_ends_one_that_still_runs(tmp_path: Path) -> None:
    async def impatient(running: Running) -> None:
        await begun(running)
        await running.client.retry()
        await running.until(lambda heard: heard.notes("stderr") == ["ready"] * 2)

    heard = heard_from(command("wait", "", "{state_dir}"), tmp_path, impatient)
    assert len(runs_in(tmp_path)) == 2
    assert heard.outcomes == []  # neither ended by itself
    assert heard.notes("killed") == ["it was still running"] * 2


def test_a_cancelled_run_of_the_harness_leaves_no_command(tmp_path: Path) -> None:
    async def forever(running: Running) -> None:
        await begun(running)
        await running.client.cancel()
        me = asyncio.current_task()
        assert me is not None
        asyncio.get_running_loop().call_soon(me.cancel)
        await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        heard_from(command("stubborn", "", "{state_dir}"), tmp_path, forever)


def test_what_can_be_seen_is_the_outcome_and_the_retries_where_they_are_promised() -> None:
    assert wire_client("true", None).capabilities == {"outcome", "wire", "truth"}
    promising = Profile(name="x", retry=RetryPolicy(attempts=3), reports_attempts=True, reports_progress=True)
    assert wire_client("true", promising).capabilities == {"outcome", "wire", "truth", "retry_policy"}
    assert wire_client("true", None).name == "true"
    assert wire_client("true", None).profile.operations == (ACQUIRE,)


@pytest.mark.parametrize("operation", [o for o in Operation if o is not ACQUIRE])
def test_any_other_operation_is_refused(operation: Operation, tmp_path: Path) -> None:
    async def other(running: Running) -> None:
        await running.client.start(operation)

    with pytest.raises(AdapterError, match=f"the wire adapter runs license_acquisition, not {operation}; use stdio"):
        heard_from("true", tmp_path, other)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("curl {licence_url}", "there is no placeholder {licence_url}; did you mean {license_url}?"),
        ("true '{\"kids\": []}'", "A literal brace is doubled"),
        ("no-such-program {license_url}", "there is no program 'no-such-program' on the PATH"),
    ],
)
def test_a_wrong_command_line_is_refused_before_any_run(line: str, text: str) -> None:
    with pytest.raises(AdapterError) as caught:
        client_from(f"wire:{line}")
    assert text in str(caught.value)


def test_an_exchange_that_the_services_do_not_have_is_refused_with_those_they_have(tmp_path: Path) -> None:
    with pytest.raises(
        AdapterError, match=r"the clearkey services of this run have no \{backup_url\}; they have \{license_url\}"
    ):
        heard_from("true {backup_url}", tmp_path, one_round)
