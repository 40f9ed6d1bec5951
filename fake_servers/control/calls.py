"""One call of the control API: what was asked, read and checked; and what is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

import fake_servers.faults  # noqa: F401 - importing it registers the house's faults
from fake_servers.control.problem import MEDIA_TYPE, Flaw, Problem, flaws_of, nearest, not_valid
from fake_servers.errors import UnknownNameError
from fake_servers.faults.base import FAULTS, Fault
from fake_servers.faults.script import Rule, When

LARGEST_BODY = 256_000
BODY_PATIENCE_S = 10.0

M = TypeVar("M", bound=BaseModel)

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What was asked.

    Attributes:
        path: What stands in the places of the route's address.
        query: As the route's query model has it, or None.
        body: As the route's body model has it, or None.
    """

    path: Mapping[str, str]
    query: Any
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered. ``body`` is a model, text of another type than JSON, or None; a ``stream`` sends itself."""

    status: int = 200
    body: BaseModel | dict[str, Any] | str | None = None
    media_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)
    stream: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]] | None = None

    def response(self) -> web.Response:
        """As aiohttp sends it."""
        return _response(self.status, self.body, self.media_type, self.headers)


def refusal(problem: Problem) -> web.Response:
    """A problem, as aiohttp sends it."""
    return _response(problem.status, problem.body, MEDIA_TYPE, problem.headers)


def _response(
    status: int, body: BaseModel | dict[str, Any] | str | None, media_type: str, headers: Mapping[str, str]
) -> web.Response:
    if isinstance(body, BaseModel):
        data = body.model_dump_json(by_alias=True).encode() + b"\n"
    elif isinstance(body, dict):
        data = json.dumps(body, indent=2, ensure_ascii=False).encode() + b"\n"
    else:
        data = (body or "").encode()
    own = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Server": "drm-harness"}
    if body is not None:
        own["Content-Type"] = media_type
    return web.Response(status=status, body=data, headers={**own, **headers})


# ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────────────


def read_query(request: web.BaseRequest, model: type[M] | None) -> M | None:
    """The query, checked.

    Raises:
        Problem: It says something else than it may.
    """
    known = model.model_fields if model is not None else {}
    flaws = [
        Flaw(where=f"?{name}", problem=f"there is no such parameter; {nearest(name, known)}")
        for name in dict.fromkeys(request.query)
        if name not in known
    ]
    flaws += [Flaw(where=f"?{name}", problem="is given twice") for name in known if len(request.query.getall(name, [])) > 1]
    if flaws:
        raise not_valid(flaws)
    if model is None:
        return None
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        found = flaws_of(error, known)
        raise not_valid([Flaw(where="?" + flaw.where[1:], problem=flaw.problem) for flaw in found]) from error


async def read_body(request: web.BaseRequest, model: type[M]) -> M:
    """The body, checked.

    Raises:
        Problem: It is too large or too slow, no JSON, or says something else than it may.
    """
    if request.content_type != JSON_TYPE:
        named = request.headers.get("Content-Type", "none")[:80]
        raise Problem("wrong-media-type", f"the Content-Type is {named}", f"send JSON, with Content-Type: {JSON_TYPE}")
    try:
        async with asyncio.timeout(BODY_PATIENCE_S):
            data = await request.read()
    except TimeoutError:
        raise Problem("too-slow", f"the body was not whole after {BODY_PATIENCE_S:.0f} s", "send it at once") from None
    except web.HTTPRequestEntityTooLarge:
        raise Problem("too-large", f"the body has more than {LARGEST_BODY} bytes", "send less") from None
    except (web.RequestPayloadError, ValueError) as bad:
        raise Problem("malformed", f"the body cannot be read: {bad}", "send it whole, as its headers announce it") from bad
    try:
        return model.model_validate_json(data, strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        if any(detail["type"] == "json_invalid" for detail in error.errors()):
            reason = error.errors()[0]["ctx"]["error"]
            raise Problem("malformed", f"the body is not JSON: {reason}", "send a JSON object in UTF-8") from error
        raise not_valid(flaws_of(error, model.model_fields)) from error


def rules_from(rules: list[dict[str, Any]]) -> tuple[Rule, ...]:
    """A script as data, checked; all that is wrong is told at once.

    Raises:
        Problem: Something is.
    """
    flaws: list[Flaw] = []
    found = [_rule(data, f"/faults/{index}", flaws) for index, data in enumerate(rules)]
    if flaws:
        raise not_valid(flaws)
    return tuple(rule for rule in found if rule is not None)


def _rule(data: dict[str, Any], at: str, flaws: list[Flaw]) -> Rule | None:
    missing = [key for key in ("when", "fault") if key not in data]
    if missing:
        flaws += [Flaw(where=f"{at}/{key}", problem="is missing") for key in missing]
        return None
    when, fault = _when(data["when"], f"{at}/when", flaws), _fault(data, at, flaws)
    if when is None or fault is None:
        return None
    try:
        return Rule(when=when, fault=fault)
    except ValidationError as error:
        flaws += flaws_of(error, (), at)
        return None


def _when(data: Any, at: str, flaws: list[Flaw]) -> When | None:
    try:
        return When.model_validate_json(json.dumps(data), strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        flaws += flaws_of(error, ("exchange", "nth", "service", "connection", "from", "for"), at)
        return None


def _fault(data: dict[str, Any], at: str, flaws: list[Flaw]) -> Fault | None:
    name = data["fault"]
    if not isinstance(name, str):
        flaws.append(Flaw(where=f"{at}/fault", problem="is not the name of a fault; /v1/faults has them"))
        return None
    try:
        kind = FAULTS[name]
    except UnknownNameError as error:
        flaws.append(Flaw(where=f"{at}/fault", problem=f"{error} (/v1/faults has them all)"))
        return None
    parameters = {key: value for key, value in data.items() if key not in ("when", "fault")}
    try:
        return kind.model_validate_json(json.dumps(parameters), strict=True)
    except ValidationError as error:
        flaws += flaws_of(error, kind.model_fields, at)
        return None
