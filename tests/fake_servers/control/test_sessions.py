"""Sessions, scripts, log, truth and reset, as a caller of the control API meets them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from fake_servers.control import roster
from fake_servers.control.roster import Setup
from fake_servers.errors import UnknownNameError
from tests.fake_servers.control.days import day_with
from tests.fake_servers.sessions import BODY, connected, on_exchange, until

REFUSE_ONCE = {"when": {"exchange": "license", "nth": 1}, "fault": "status", "status": 503}


def test_a_session_is_opened_asked_given_faults_reset_and_closed() -> None:
    async def main() -> None:
        async with day_with(default=False) as (_, caller):
            opened = await caller.said("POST", "/v1/sessions", 201, json={"name": "phone", "faults": [REFUSE_ONCE]})
            assert opened["name"] == "phone"
            assert [await caller.license("phone") for _ in range(2)] == [503, 200]
            script = await caller.said("GET", "/v1/sessions/phone/faults")
            assert script["faults"] == [{"position": 0, "fate": "fired", "rule": REFUSE_ONCE}]
            assert (await caller.said("GET", "/v1/sessions/phone/truth"))["truth"]["devices"]

            again = await caller.said("POST", "/v1/sessions/phone/reset")
            assert (again["run"], again["endpoints"], again["requests"]) == (2, opened["endpoints"], 0)
            assert (await caller.said("GET", "/v1/sessions/phone/truth"))["truth"]["devices"] == {}
            assert await caller.license("phone") == 503

            script = await caller.said("PUT", "/v1/sessions/phone/faults", json={"faults": []})
            assert (script["run"], script["faults"]) == (3, [])
            assert await caller.license("phone") == 200

            await caller.said("DELETE", "/v1/sessions/phone", 204)
            await caller.refused("GET", "/v1/sessions/phone", 404, "no-such-session")
            with pytest.raises(httpx.ConnectError):
                await caller.post(opened["endpoints"]["license"], content=BODY)

    asyncio.run(main())


def test_the_log_can_be_read_in_parts() -> None:
    async def main() -> None:
        async with day_with() as (_, caller):
            await caller.license()
            whole = await caller.said("GET", "/v1/sessions/default/log")
            kinds = [entry["event"]["kind"] for entry in whole["entries"]]
            assert kinds == ["connection_opened", "request_received", "truth_changed", "reply_sent"]
            first = await caller.said("GET", "/v1/sessions/default/log?limit=3")
            assert (first["more"], first["next"]) == (True, first["entries"][-1]["number"])
            rest = await caller.said("GET", f"/v1/sessions/default/log?after={first['next']}")
            assert first["entries"] + rest["entries"] == whole["entries"]
            assert (rest["more"], rest["lost"], rest["dropped"]) == (False, False, 0)

    asyncio.run(main())


def test_what_grew_too_old_is_counted_and_its_loss_told() -> None:
    async def main() -> None:
        async with day_with(log_limit=3) as (_, caller):
            await caller.license()
            page = await caller.said("GET", "/v1/sessions/default/log")
            assert [entry["event"]["kind"] for entry in page["entries"]][-1] == "reply_sent"
            assert (len(page["entries"]), page["dropped"], page["lost"]) == (3, 1, True)
            assert not (await caller.said("GET", f"/v1/sessions/default/log?after={page['next']}"))["lost"]

    asyncio.run(main())


def test_a_script_that_cannot_be_carried_out_changes_nothing() -> None:
    async def main() -> None:
        async with day_with(on_exchange("status", status=503)) as (_, caller):
            before = await caller.said("GET", "/v1/sessions/default/faults")
            over_tls = {"when": {"service": "license", "connection": 1}, "fault": "expired_certificate"}
            problem = await caller.refused(
                "PUT", "/v1/sessions/default/faults", 409, "cannot-be-served", json={"faults": [over_tls]}
            )
            assert "TLS" in problem["detail"]
            assert await caller.said("GET", "/v1/sessions/default/faults") == before
            await caller.said("POST", "/v1/sessions/default/reset")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("body", "flaws"),
    [
        ({"name": "a b"}, {"/name": "pattern"}),
        ({"nmae": "a"}, {"/nmae": "did you mean 'name'?"}),
        ({"dialect": "clearky"}, {"/dialect": "did you mean 'clearkey'?"}),
        ({"ports": "shared"}, {"/ports": "start serve with --port"}),
        ({"given": {"silent": "yes"}}, {"/given/silent": "must be a valid boolean"}),
        ({"expires_after": 30}, {"/expires_after": "30 needs a unit"}),
        ({"faults": [{"fault": "status", "status": 503}]}, {"/faults/0/when": "is missing"}),
        ({"faults": [{**REFUSE_ONCE, "fault": "statsu"}]}, {"/faults/0/fault": "did you mean 'status'?"}),
        ({"faults": [{**REFUSE_ONCE, "status": "x"}, {"when": {}, "fault": 1}]},
         {"/faults/0/status": "integer", "/faults/1/when": "give either", "/faults/1/fault": "not the name of a fault"}),
        ({"scenario": "x", "dialect": "wmdrm"}, {"/dialect": "the scenario says that"}),
        ({"scenario": "nowhere"}, {"/scenario": "no scenario is named 'nowhere'"}),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_with_a_session_is_told_with_its_place(body: dict[str, Any], flaws: dict[str, str]) -> None:
    async def main() -> None:
        async with day_with(default=False) as (day, caller):
            problem = await caller.refused("POST", "/v1/sessions", 422, "not-valid", json=body)
            told = {flaw["where"]: flaw["problem"] for flaw in problem["errors"]}
            assert list(told) == list(flaws)
            for where, words in flaws.items():
                assert words in told[where]
            assert len(day.roster) == 0

    asyncio.run(main())


def test_a_name_that_is_taken_and_one_session_too_many_are_refused() -> None:
    async def main() -> None:
        async with day_with(most_sessions=2) as (_, caller):
            await caller.refused("POST", "/v1/sessions", 409, "name-taken", json={"name": "default"})
            opened = await caller.said("POST", "/v1/sessions", 201, json={})
            await caller.refused("POST", "/v1/sessions", 409, "too-many", json={})
            await caller.said("DELETE", f"/v1/sessions/{opened['name']}", 204)
            await caller.said("POST", "/v1/sessions", 201, json={})

    asyncio.run(main())


def test_sessions_on_one_port_are_told_apart_by_their_addresses() -> None:
    async def main() -> None:
        async with day_with(port=0) as (_, caller):
            other = await caller.said("POST", "/v1/sessions", 201, json={"name": "other", "faults": [REFUSE_ONCE]})
            assert other["ports"] == "shared"
            own = await caller.said("POST", "/v1/sessions", 201, json={"name": "own", "ports": "own", "tls": True})
            assert own["endpoints"]["license"].startswith("https://")
            assert (await caller.license("other"), await caller.license()) == (503, 200)

    asyncio.run(main())


class Library:
    """One scenario."""

    def names(self) -> list[str]:
        return ["tunnel"]

    def setup(self, name: str) -> Setup:
        if name != "tunnel":
            raise UnknownNameError("scenario", name, ["tunnel"])
        return Setup(scenario=name, dialect="wmdrm", rules=(on_exchange("status", status=500),))


def test_a_session_can_be_opened_from_a_scenario() -> None:
    async def main() -> None:
        async with day_with(library=Library()) as (_, caller):
            assert await caller.said("GET", "/v1/scenarios") == {"names": ["tunnel"]}
            opened = await caller.said("POST", "/v1/sessions", 201, json={"scenario": "tunnel"})
            assert (opened["scenario"], opened["dialect"]) == ("tunnel", "wmdrm")
            assert len((await caller.said("GET", f"/v1/sessions/{opened['name']}/faults"))["faults"]) == 1

    asyncio.run(main())


def test_a_session_that_nobody_uses_expires_and_one_in_use_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "LOOK_EVERY_S", 0.01)

    async def main() -> None:
        async with day_with() as (day, caller):
            used = await caller.said("POST", "/v1/sessions", 201, json={"name": "used", "expires_after": "50 ms"})
            async with connected(used["endpoints"]["license"]):
                await until(lambda: day.roster.all()[1].session.open_connections == 1)
                await caller.said("POST", "/v1/sessions", 201, json={"name": "idle", "expires_after": "50 ms"})
                await until(lambda: "idle" not in day.roster.names())
                assert "used" in day.roster.names()
            await until(lambda: day.roster.names() == ["default"])

    asyncio.run(main())
