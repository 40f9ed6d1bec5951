"""What can be asked, as one table: dispatch and the OpenAPI document are made from it, and nothing else knows an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from pydantic import BaseModel

from fake_servers.control import answers, bodies
from fake_servers.control.day import Answers
from fake_servers.control.event_stream import MEDIA_TYPE as EVENT_STREAM
from fake_servers.control.event_stream import events
from fake_servers.control.problem import Problem, nearest

PEM = "application/x-pem-file"
JSON_DOCUMENT = "application/json"


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked.

    Attributes:
        path: With places in braces.
        answer: Who answers; its name is the operation's, its docstring says what for.
        status: Of the answer, if it is not a refusal.
        gives: What is answered: a model, a media type, or nothing.
        query: What may be asked for in the query.
        body: What has to be said.
        refuses: Kinds of problems beside those that any route of its shape has.
        for_all: No token is needed.
    """

    method: str
    path: str
    answer: Answers
    status: int
    gives: type[BaseModel] | str | None
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    refuses: tuple[str, ...] = ()
    for_all: bool = False

    def places(self, segments: list[str]) -> dict[str, str] | None:
        """What stands in the places of the path, if ``segments`` are of this path."""
        own = self.path.split("/")[1:]
        if len(own) != len(segments):
            return None
        found = {}
        for name, value in zip(own, segments, strict=True):
            if name.startswith("{"):
                found[name[1:-1]] = value
            elif name != value:
                return None
        return found


# fmt: off
ROUTES = (
    Route("GET",    "/v1/health/live",               answers.live,          200, bodies.Health, for_all=True),
    Route("GET",    "/v1/health/ready",              answers.ready,         200, bodies.Health, for_all=True,
          refuses=("stopping",)),
    Route("GET",    "/v1/openapi.json",              answers.openapi,       200, JSON_DOCUMENT, for_all=True),
    Route("GET",    "/v1/ca.pem",                    answers.certificate,   200, PEM, for_all=True,
          refuses=("no-certificate",)),
    Route("GET",    "/v1/scenarios",                 answers.scenarios,     200, bodies.Names),
    Route("GET",    "/v1/dialects",                  answers.dialects,      200, bodies.Names),
    Route("GET",    "/v1/faults",                    answers.faults,        200, bodies.FaultKinds),
    Route("GET",    "/v1/sessions",                  answers.list_sessions, 200, bodies.SessionStates),
    Route("POST",   "/v1/sessions",                  answers.open_session,  201, bodies.SessionState, body=bodies.NewSession,
          refuses=("too-many", "name-taken", "cannot-be-served", "state-file")),
    Route("GET",    "/v1/sessions/{session}",        answers.show_session,  200, bodies.SessionState),
    Route("DELETE", "/v1/sessions/{session}",        answers.close_session, 204, None,
          refuses=("state-file",)),
    Route("POST",   "/v1/sessions/{session}/reset",  answers.reset_session, 200, bodies.SessionState,
          refuses=("state-file",)),
    Route("GET",    "/v1/sessions/{session}/faults", answers.show_faults,   200, bodies.Script),
    Route("PUT",    "/v1/sessions/{session}/faults", answers.set_faults,    200, bodies.Script, body=bodies.Faults,
          refuses=("cannot-be-served", "state-file")),
    Route("GET",    "/v1/sessions/{session}/log",    answers.show_log,      200, bodies.LogPage, query=bodies.LogQuery),
    Route("GET",    "/v1/sessions/{session}/truth",  answers.show_truth,    200, bodies.Truth),
    Route("GET",    "/v1/events",                    events,                200, EVENT_STREAM, query=bodies.EventsQuery,
          refuses=("too-many",)),
)
# fmt: on


def route_to(method: str, raw_path: str) -> tuple[Route, Mapping[str, str]]:
    """The route that is asked, and what stands in the places of its path.

    Raises:
        Problem: There is none.
    """
    segments = [unquote(segment) for segment in raw_path.split("/")[1:]]
    there = [(route, places) for route in ROUTES if (places := route.places(segments)) is not None]
    for route, places in there:
        if route.method == method:
            return route, places
    if there:
        allowed = ", ".join(route.method for route, _ in there)
        detail = f"{method[:20]} is not taken at {there[0][0].path}"
        raise Problem("wrong-method", detail, f"use {allowed}", headers={"Allow": allowed})
    shown = "/" + "/".join(segments)
    to_do = nearest(shown[:200], {route.path for route in ROUTES})
    raise Problem("nothing-here", f"there is nothing at {shown[:200]!r}", f"{to_do}; /v1/openapi.json says what each is for")
