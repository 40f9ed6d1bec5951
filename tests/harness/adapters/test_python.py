"""Clients in process: found by name, run on both networks, and kept from harming the run."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from harness.adapters.protocol import Rights, Setup
from harness.adapters.python import InProcessClient, python_client
from harness.errors import AdapterError
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.world.virtual_loop import VirtualLoop
from tests.harness.adapters.given_setup import Heard, setup_for
from tests.harness.adapters.python_clients.honest import Client

FILE = "tests/harness/adapters/python_clients/honest.py"
ACQUIRE = Operation.LICENSE_ACQUISITION


def on_both_networks(run: Any) -> list[Any]:
    """What ``run()`` gives on a real loop and on the virtual one."""
    virtual = VirtualLoop()
    try:
        return [asyncio.run(run()), virtual.run_until_complete(run())]
    finally:
        virtual.close()


def adapted(client: Any) -> InProcessClient:
    return InProcessClient(client, Client.profile)


async def session(client: Any, heard: Heard) -> Rights | None:
    """Every call once, in the order of an ordinary run."""
    kept = adapted(client)
    await kept.initialize(setup_for(heard))
    await kept.start(ACQUIRE)
    await kept.respond("consent", True)
    await kept.cancel()
    await kept.retry()
    held = await kept.rights()
    await kept.shutdown()
    await kept.shutdown()
    return held


@pytest.mark.parametrize("target", [f"{FILE}:Client", "tests.harness.adapters.python_clients.honest:Client"])
def test_a_client_is_found_in_a_file_and_in_a_module(target: str) -> None:
    client = python_client(target, None)
    assert client.name == "honest"
    assert client.networks == {"simulated", "loopback"}
    assert client.capabilities == {"status", "outcome", "rights", "wire", "truth", "attempts"}


def test_a_file_is_found_below_the_working_folder_and_may_import_its_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "neighbour_of_mine.py").write_text(f"from {Client.__module__} import Client as Base\n")
    (tmp_path / "mine.py").write_text("import neighbour_of_mine\n\nclass Mine(neighbour_of_mine.Base):\n    pass\n")
    monkeypatch.chdir(tmp_path)
    assert python_client("mine.py:Mine", None).name == "honest"


def test_a_file_runs_once_however_many_clients_it_makes(tmp_path: Path) -> None:
    file = tmp_path / "counted.py"
    file.write_text(
        f"from {Client.__module__} import Client\nwith open({str(file) + '.runs'!r}, 'a') as runs: runs.write('x')\n"
    )
    for _ in range(3):
        python_client(f"{file}:Client", None)
    assert Path(f"{file}.runs").read_text() == "x"


def test_a_factory_with_a_profile_parameter_is_told_the_users_profile() -> None:
    assert python_client(f"{FILE}:with_profile", None).profile.name == "from the factory"
    assert python_client(f"{FILE}:with_profile", Profile(name="the user's")).profile.name == "the user's"


def test_the_users_profile_goes_before_the_clients_own() -> None:
    client = python_client(f"{FILE}:Client", Profile(name="the user's", reports_attempts=False))
    assert client.name == "the user's"
    assert "attempts" not in client.capabilities
    assert {"retry_policy", "progress"} <= client.capabilities


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("honest", "write python:module:Name or python:path/file.py:Name"),
        ("honest:", "write python:module:Name or python:path/file.py:Name"),
        ("no/such/file.py:Client", "there is no file no/such/file.py (looked in "),
        ("README:Client", "importing README failed: ModuleNotFoundError: No module named 'README'"),
        (f"{FILE}:Clinet", "holds no 'Clinet'; did you mean 'Client'?"),
        (f"{FILE}:NOT_A_CLASS", "this is 7; name a class, or a function that returns a client"),
        (f"{FILE}:Mute", "Mute is no client under test, it has no initialize, respond, retry, rights, shutdown;"),
        (f"{FILE}:Unmakeable", "making the client failed: OSError: no such device (honest.py:"),
        (f"{FILE}:Unpromising", "what does this client promise? Give it an attribute 'profile'"),
    ],
)
def test_a_client_that_cannot_be_loaded_is_refused_with_the_reason(target: str, text: str) -> None:
    with pytest.raises(AdapterError) as caught:
        python_client(target, None)
    assert text in str(caught.value)


@pytest.mark.parametrize("text", ["1 +", "raise KeyError('x')", "raise SystemExit(3)"])
def test_a_file_that_does_not_import_is_refused_and_not_half_remembered(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.py"
    file.write_text(text)
    for _ in range(2):
        with pytest.raises(AdapterError, match=r"importing .*broken\.py failed: (SyntaxError|KeyError|SystemExit)"):
            python_client(f"{file}:Client", None)


def test_every_call_reaches_the_client_on_both_networks() -> None:
    heard, client = Heard(), Client()
    assert on_both_networks(lambda: session(client, heard)) == [Rights(("film",), True)] * 2
    assert heard.phases == ["started", "succeeded"] * 2
    assert client.answer == ("consent", True)
    assert heard.notes() == []


class Raising(Client):
    """Raises in every call but the first."""

    async def start(self, operation: Operation) -> None:
        raise ValueError(f"no such thing in {object()!r}")

    async def respond(self, question: str, yes: bool) -> None:
        raise SystemExit(3)

    def retry(self) -> None:  # type: ignore[override] # not even a coroutine: the mistake under test
        raise LookupError

    async def cancel(self) -> None:
        own = asyncio.get_running_loop().create_future()
        own.cancel()
        await own

    async def rights(self) -> Rights | None:
        raise TimeoutError("its own")

    async def shutdown(self) -> None:
        raise LookupError


def test_what_a_client_raises_is_noted_the_same_on_both_networks_and_the_run_goes_on() -> None:
    heard = Heard()
    assert on_both_networks(lambda: session(Raising(), heard)) == [None, None]
    first, second = heard.notes()[:6], heard.notes()[6:]
    assert first == second
    assert first[0].startswith("exception: start: ValueError: no such thing in <object object at 0x…> (test_python.py:")
    assert [text.split(" (")[0] for text in first[1:]] == [
        "exception: respond: SystemExit: 3",
        "exception: cancel: CancelledError",
        "exception: retry: LookupError",
        "exception: rights: TimeoutError: its own",
        "exception: shutdown: LookupError",
    ]


class Hanging(Client):
    """Never returns from ``start``."""

    ended = 0

    async def start(self, operation: Operation) -> None:
        await asyncio.sleep(3600)

    async def cancel(self) -> None:
        raise AssertionError("called though it counts as dead")

    async def shutdown(self) -> None:
        self.ended += 1


def test_a_call_that_does_not_return_is_cut_off_and_the_client_counts_as_dead_but_is_still_shut_down() -> None:
    heard, client, loop = Heard(), Hanging(), VirtualLoop()
    assert loop.run_until_complete(session(client, heard)) is None
    assert loop.time() == 5
    loop.close()
    assert heard.notes() == ["hung: start had not returned after 5 s; a call only begins things"]
    assert client.ended == 1


class Careless(Client):
    """Says things of the wrong kind."""

    async def start(self, operation: Operation) -> None:
        self.setup.report({"phase": "started"})  # type: ignore[arg-type] # the mistake under test

    async def rights(self) -> Any:
        return ["film"]


def test_what_is_of_the_wrong_kind_is_garbage() -> None:
    heard = Heard()
    assert asyncio.run(session(Careless(), heard)) is None
    assert heard.notes("garbage") == [
        "reported a dict instead of a StatusMessage",
        "rights: a list has no licenses and individualized, as Rights has",
    ]


def test_a_cancelled_run_is_not_taken_for_a_mistake_of_the_client() -> None:
    heard = Heard()

    async def cancelled_while_starting() -> None:
        client = adapted(Hanging())
        await client.initialize(setup_for(heard))
        task = asyncio.create_task(client.start(ACQUIRE))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled_while_starting())
    assert heard.notes() == []


class Particular(Client):
    networks = ("loopback",)
    capabilities = frozenset({"status", "progress", "telepathy"})


def test_a_client_may_say_where_it_runs_and_what_can_be_seen_of_it_but_promises_are_the_profiles() -> None:
    client = adapted(Particular())
    assert client.networks == {"loopback"}
    assert client.capabilities == {"status", "wire", "truth", "attempts"}


def test_setup_reaches_the_client_unchanged_but_for_the_report() -> None:
    seen: list[Setup] = []

    class Curious(Client):
        async def initialize(self, setup: Setup) -> None:
            seen.append(setup)

    given = setup_for(Heard())
    asyncio.run(adapted(Curious()).initialize(given))
    assert (seen[0].content, seen[0].rng, seen[0].endpoints) == (given.content, given.rng, given.endpoints)
