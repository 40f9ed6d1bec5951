"""The OpenAPI document says what is served, no more and no less; in tests/suite a stranger's tool tries it, too."""

from __future__ import annotations

import asyncio

import httpx
import jsonschema
import pytest

from fake_servers.control.openapi import document
from fake_servers.control.problem import TITLES
from fake_servers.control.routes import ROUTES
from fake_servers.faults.base import FAULTS
from tests.fake_servers.control.days import day_with
from tests.fake_servers.sessions import on_exchange

TOKEN = "a-token-of-a-test"
DOCUMENT = document("http://127.0.0.1:1", wants_token=False)


def test_every_route_is_described_and_nothing_else() -> None:
    async def main() -> None:
        async with day_with() as (_, caller):
            said = await caller.said("GET", "/v1/openapi.json")
            described = {(method.upper(), path) for path, methods in said["paths"].items() for method in methods}
            assert described == {(route.method, route.path) for route in ROUTES}
            names = [operation["operationId"] for methods in said["paths"].values() for operation in methods.values()]
            assert len(set(names)) == len(ROUTES)
            assert all(operation["summary"] for methods in said["paths"].values() for operation in methods.values())
            assert said["openapi"].startswith("3.1")
            assert "security" not in said

    asyncio.run(main())


def test_every_fault_of_the_registry_stands_in_the_document_and_in_the_list() -> None:
    async def main() -> None:
        async with day_with() as (_, caller):
            schemas = (await caller.said("GET", "/v1/openapi.json"))["components"]["schemas"]
            assert {name.removeprefix("fault_") for name in schemas if name.startswith("fault_")} == set(FAULTS)
            assert [kind["name"] for kind in (await caller.said("GET", "/v1/faults"))["faults"]] == sorted(FAULTS)

    asyncio.run(main())


def test_answers_are_as_described() -> None:
    async def main() -> None:
        async with day_with(on_exchange("status", status=503)) as (_, caller):
            described = await caller.said("GET", "/v1/openapi.json")
            await caller.license()
            for path in ("/log", "/truth", "/faults", ""):
                said = await caller.said("GET", f"/v1/sessions/default{path}")
                operation = described["paths"][f"/v1/sessions/{{session}}{path}"]["get"]
                schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
                jsonschema.Draft202012Validator({**described, **schema}).validate(said)

    asyncio.run(main())


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_the_examples_of_each_fault_are_good_by_the_document(name: str) -> None:
    early = FAULTS[name].layer in ("connect", "tls")
    when = {"service": "license", "from": "0 s", "for": "1 s"} if early else {"exchange": "license", "nth": [1, 2]}
    validator = jsonschema.Draft202012Validator({**DOCUMENT, "$ref": "#/components/schemas/Rule"})
    for parameters in FAULTS[name].examples:
        validator.validate({"when": when, "fault": name, **parameters})


def test_a_kind_of_problem_that_nobody_documents_is_a_fault_of_ours_alone() -> None:
    async def main() -> None:
        described: set[str] = set()
        for token in (None, TOKEN):
            async with day_with(token=token) as (_, caller):
                said = await caller.said("GET", "/v1/openapi.json")
                for methods in said["paths"].values():
                    for operation in methods.values():
                        described |= {kind for kind in TITLES if f"`{kind}`" in str(operation["responses"])}
        assert set(TITLES) - described == {"own-failure", "nothing-here", "wrong-method"}

    asyncio.run(main())


def test_a_health_probe_needs_no_more_than_an_address() -> None:
    async def main() -> None:
        async with day_with(token=TOKEN) as (day, _), httpx.AsyncClient() as stranger:
            ready = (await stranger.get(f"{day.control_url}/v1/health/ready")).json()
            assert (ready["status"], ready["sessions"]) == ("ready", 1)

    asyncio.run(main())
