"""A client is named on the command line; a wrong name is refused with what to do about it."""

from __future__ import annotations

import pytest

from harness.adapters import registry
from harness.adapters.protocol import ClientUnderTest
from harness.adapters.python import InProcessClient
from harness.adapters.registry import ADAPTERS, adapter, client_from, register_built_in
from harness.errors import AdapterError, DeclarationError
from harness.scenario.profile import Profile

CLIENT = "python:tests/harness/adapters/python_clients/honest.py:Client"


@pytest.fixture(autouse=True)
def own_built_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "BUILT_IN", {})


def honest(profile: Profile | None) -> ClientUnderTest:
    return client_from(CLIENT, profile)()


def test_each_call_makes_a_fresh_client() -> None:
    make = client_from(CLIENT)
    assert make() is not make()


def test_the_houses_own_adapters_are_registered_by_importing_the_package() -> None:
    assert {"python", "stdio", "wire"} <= set(ADAPTERS)


def test_a_built_in_client_goes_by_its_name_alone_and_is_told_the_profile() -> None:
    register_built_in("honest", honest)
    client = client_from("honest", Profile(name="given"))()
    assert isinstance(client, InProcessClient)
    assert client.profile.name == "given"


def test_a_built_in_client_is_asked_for_only_once_it_is_registered() -> None:
    with pytest.raises(AdapterError, match="no client or adapter is named 'honest'"):
        client_from("honest")


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("pyton:a:B", "no client or adapter is named 'pyton'; did you mean 'python'?"),
        ("honset", "did you mean 'honest'?"),
        ("quite-else", "known are honest, "),
        ("python", "client 'python' says how, but not which; write python:module:Name"),
        ("stdio: ", "client 'stdio:' says how, but not which; write stdio:COMMAND"),
        ("honest:loud", "client 'honest' is built in and takes nothing after a colon"),
    ],
)
def test_a_wrong_spec_says_what_to_write(spec: str, text: str) -> None:
    register_built_in("honest", honest)
    with pytest.raises(AdapterError) as caught:
        client_from(spec)
    assert text in str(caught.value)


def test_a_taken_name_is_refused_where_it_is_declared() -> None:
    register_built_in("honest", honest)
    with pytest.raises(DeclarationError, match="a built-in client has this name"):
        adapter("honest")(lambda argument, profile: honest(profile))
    with pytest.raises(DeclarationError, match="registered twice"):
        adapter("python")(lambda argument, profile: honest(profile))
    with pytest.raises(DeclarationError, match="the name is taken"):
        register_built_in("python", honest)
    with pytest.raises(DeclarationError, match="without a colon"):
        adapter("a:b")(lambda argument, profile: honest(profile))
