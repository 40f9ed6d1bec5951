"""A client program that speaks the protocol: its calls, its waits, and what becomes known of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from harness.adapters.protocol import Rights
from harness.adapters.registry import client_from
from harness.adapters.stdio import StdioClient
from harness.errors import AdapterError, WorldError
from harness.scenario.profile import Profile
from harness.world.virtual_loop import VirtualLoop
from tests.harness.adapters.given_setup import Heard, setup_for
from tests.harness.adapters.stdio_session import Session, heard_from, program, session, start, until

pytestmark = pytest.mark.usefixtures("nothing_is_left")

SETTLED = until(lambda heard: "succeeded" in heard.phases)


def test_every_call_and_the_wait_reach_a_proper_client_and_come_back() -> None:
    held = []

    async def everything_else(running: Session) -> None:
        await running.client.respond("consent", True)
        await running.client.retry()
        await running.client.cancel()
        held.append(await running.client.rights())
        await running.until(lambda: len(running.heard.statuses) == 5)

    heard = heard_from("programs.proper", start, SETTLED, everything_else)
    assert [status.text for status in heard.statuses] == [
        "license_acquisition of film, protocol 1",
        "waited: w {'epoch_s': 1767225600.0}",
        'respond {"question": "consent", "yes": true}',
        "retry {}",
        "cancel {}",
    ]
    assert held == [Rights(("film",), True)]
    assert heard.notes() == ["stderr: bye", "exit: status 0"]


def test_a_wait_is_answered_after_that_much_of_the_worlds_time() -> None:
    times: list[float] = []

    async def timed(running: Session) -> None:
        loop = asyncio.get_running_loop()
        await start(running)
        await running.until(lambda: running.heard.phases == ["started"])
        times.append(loop.time())
        await SETTLED(running)
        times.append(loop.time())

    heard_from("programs.proper", timed)
    assert times[1] - times[0] >= 0.04  # it asked for 0.05; the two clocks that round are not the same


def test_name_profile_and_capabilities_are_known_after_initialize_and_little_is_promised_before() -> None:
    client = StdioClient(program("programs.proper"))
    assert client.profile.retry is None
    assert client.profile.phases == ()
    assert client.capabilities == {"status", "outcome", "wire", "truth"}
    asyncio.run(session(client, Heard()))
    assert (client.name, client.profile.version, client.profile.silence) == ("proper", "1.2", 5.0)
    assert client.capabilities == {"status", "outcome", "wire", "truth", "rights", "attempts"}
    assert client.networks == {"loopback"}


def test_the_users_profile_goes_before_the_programs_own() -> None:
    client = StdioClient(program("programs.proper"), Profile(name="the user's"))
    asyncio.run(session(client, Heard()))
    assert client.profile == Profile(name="the user's")
    assert {"retry_policy", "attempts", "progress"} <= client.capabilities


@pytest.mark.parametrize(
    ("result", "rights", "said"),
    [
        ({"name": "x"}, (), {"status", "outcome"}),  # it does not know the method rights
        ({"name": "x"}, ("rights",), {"status", "outcome"}),  # it answers rights with nonsense
        ({"name": "x", "capabilities": ["status", "rights"]}, (), {"status", "rights"}),  # its own word
        ({"name": "x", "capabilities": []}, (), set()),
    ],
)
def test_what_can_be_seen_is_the_clients_own_word_or_what_a_try_shows(result: Any, rights: tuple[str], said: set[str]) -> None:
    client = StdioClient(program("programs.refuses", json.dumps(result), *rights))
    asyncio.run(session(client, Heard()))
    assert client.capabilities == {"wire", "truth"} | said


@pytest.mark.parametrize(
    ("result", "note"),
    [
        ({"code": -1, "message": "protocol 1 is too new"}, "exception: initialize: error -1: protocol 1 is too new"),
        ({"version": "1"}, "garbage: the result of initialize: name: Field required"),
        (
            {"name": "x", "profile": {"silence": 5}},
            "garbage: the result of initialize: profile.silence: Value error, 5 needs a unit",
        ),
        (None, None),
    ],
)
def test_a_client_that_cannot_be_initialized_counts_as_dead_and_no_call_waits_for_it(result: Any, note: str | None) -> None:
    client, heard = (
        StdioClient(program("programs.refuses", json.dumps(result) if result else '{"code":1,"message":""}')),
        Heard(),
    )

    async def no_call_waits(running: Session) -> None:
        assert running.client.died
        async with asyncio.timeout(1):
            await start(running)
            assert await running.client.rights() is None

    asyncio.run(session(client, heard, "", no_call_waits))
    if note:
        assert heard.notes()[0].startswith(note)
    assert heard.notes()[-1] == "exit: status 0"


def test_an_error_in_answer_to_a_call_is_noted_and_the_client_lives_on() -> None:
    async def lives(running: Session) -> None:
        assert not running.client.died

    heard = heard_from("programs.refuses", start, lives, start, arguments=('{"name": "x", "capabilities": []}',))
    assert heard.notes("exception") == [
        "start: error -32601: what is start?",
        "start: error -32601: what is start?",
        "shutdown: error -32601: what is shutdown?",
    ]


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("no-such-program --x", "command line 'no-such-program --x': there is no program 'no-such-program' on the PATH"),
        ("./no/such", "there is no program './no/such' at ./no/such (looked from "),
        ("README.md", "there is no program 'README.md' on the PATH"),
        ("node 'client.js", 'command line "node \'client.js": no closing quotation'),
    ],
)
def test_a_command_line_that_cannot_be_run_is_refused_before_any_run(command: str, text: str) -> None:
    with pytest.raises(AdapterError) as caught:
        client_from(f"stdio:{command}")
    assert text in str(caught.value)


def test_a_program_that_the_system_will_not_run_is_the_users_mistake(tmp_path: Any) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF but not really")
    program.chmod(0o755)
    with pytest.raises(AdapterError, match=r"'.*/program' cannot be run: .*Exec format error"):
        asyncio.run(session(client_from(f"stdio:{program}")(), Heard()))  # type: ignore[arg-type] # made by the stdio adapter


def test_the_simulated_network_refuses_a_program_by_name() -> None:
    loop, client = VirtualLoop(), StdioClient(program("programs.proper"))
    with pytest.raises(WorldError, match="a subprocess is not supported in the simulated network"):
        loop.run_until_complete(client.initialize(setup_for(Heard())))
    loop.run_until_complete(client.shutdown())
    loop.close()


def test_a_client_that_was_never_initialized_can_be_shut_down() -> None:
    asyncio.run(StdioClient(program("programs.proper")).shutdown())


def test_proxies_are_not_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://192.0.2.1:1")
    heard = heard_from("programs.tells_environment")
    assert heard.notes("stderr") == ["proxies: [], marked: True"]
