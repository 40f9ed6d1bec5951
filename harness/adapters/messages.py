"""The messages between the harness and a client program: JSON-RPC 2.0, one message a line.

The harness sends calls, and answers to the client's waits; the client sends answers, status notifications and waits.
``docs/client-protocol.md`` explains them.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import from_json

from harness.adapters.protocol import Setup
from harness.scenario.model import Settings
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.operation import Operation

PROTOCOL = 1
LONGEST_WAIT_S = 86_400

INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32600, -32601, -32602
"""JSON-RPC 2.0, section 5.1."""


class Shape(BaseModel):
    """Root of the shapes: frozen, unknown members refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Shape):
    """Root of the messages."""

    jsonrpc: Literal["2.0"]


# ── harness to client ───────────────────────────────────────────────────────────────────────────────────────────────


class PlainSetup(Shape):
    """The set-up: what a client is told before it starts. Members as in ``harness.adapters.protocol.Setup``.

    Attributes:
        epoch_s: The world's date when this was sent, in seconds since 1970.
    """

    dialect: str
    endpoints: dict[str, str]
    ca_file: str | None
    state_dir: str
    device: str
    computer: str
    client_version: str
    holds: dict[str, str]
    restricted: tuple[str, ...]
    content: str
    key_check: str
    also: dict[str, str] = Field(default_factory=dict)
    url_trust: str
    revoked: tuple[str, ...]
    backup: tuple[str, ...] | None
    vault: bool
    settings: Settings
    restarted: bool
    epoch_s: float

    @classmethod
    def of(cls, setup: Setup) -> Self:
        """All of a set-up that can be sent."""
        sent = {name: getattr(setup, name) for name in cls.model_fields if name != "epoch_s"}
        return cls(**sent, epoch_s=setup.epoch_s())


class InitializeParams(Shape):
    """``protocol`` is the version of this protocol; a client that does not know it answers with an error."""

    protocol: Literal[1]
    setup: PlainSetup


class StartParams(Shape):
    """Which operation to begin."""

    operation: Operation


class RespondParams(Shape):
    """What the user answers to what was asked with ``consent_needed``, ``overwrite_needed`` or ``page_needed``."""

    question: Literal["consent", "overwrite", "page"]
    yes: bool


class NoParams(Shape):
    """Nothing more to say."""


NO_PARAMS = NoParams()


class Call(Message):
    """A call; the client answers each with its ``id``, soon, and reports afterwards what comes of it."""

    id: int


class Initialize(Call):
    """Get ready; no request to a service yet. Result: ``InitializeResult``."""

    method: Literal["initialize"]
    params: InitializeParams


class Start(Call):
    """Begin the operation: the first round. Result: anything."""

    method: Literal["start"]
    params: StartParams


class Respond(Call):
    """The user answers. Result: anything."""

    method: Literal["respond"]
    params: RespondParams


class Retry(Call):
    """The user tries again: the next round. Result: anything."""

    method: Literal["retry"]
    params: NoParams


class Cancel(Call):
    """The user stops it. Result: anything."""

    method: Literal["cancel"]
    params: NoParams


class AskRights(Call):
    """What does the client hold? Result: ``RightsResult``, or null if it cannot say."""

    method: Literal["rights"]
    params: NoParams


class StorageParams(Shape):
    """``full``: nothing more can be stored; else it can again."""

    full: bool


class FillStorage(Call):
    """The device's storage is full, or no longer is. Only for a client that says ``storage`` of itself. Result: anything."""

    method: Literal["storage"]
    params: StorageParams


class Shutdown(Call):
    """End. Result: anything; then standard input is closed, and the program exits."""

    method: Literal["shutdown"]
    params: NoParams


class Moment(Shape):
    """The world's date, in seconds since 1970."""

    epoch_s: float


class WaitOver(Message):
    """The answer to the client's ``wait``: so much of the world's time has passed."""

    id: int | str
    result: Moment


# ── client to harness ───────────────────────────────────────────────────────────────────────────────────────────────


class InitializeResult(Shape):
    """Who the client is.

    Attributes:
        name: Its name in reports.
        version: Its version.
        capabilities: What it lets one see. Absent: status and outcome, and rights if it answers ``rights``.
        profile: What it promises; goes behind a profile given by the user. Its ``name`` and ``version`` may be left out.
        waits: It takes every pause by ``wait``, and does nothing else meanwhile: the world may skip what is left of it.
        storage: It takes the call ``storage``, and from then on fails to store what it wants to store.
    """

    name: str = Field(min_length=1, max_length=100)
    version: str = Field(default="", max_length=100)
    capabilities: tuple[Literal["status", "outcome", "rights"], ...] | None = None
    profile: Profile | None = None
    waits: bool = False
    storage: bool = False

    @model_validator(mode="before")
    @classmethod
    def _profile_goes_by_the_same_name(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("profile"), dict):
            shared = {name: given[name] for name in ("name", "version") if name in given}
            return {**given, "profile": {**shared, **given["profile"]}}
        return given


class RightsResult(Shape):
    """What the client holds locally."""

    licenses: tuple[str, ...]
    individualized: bool


def _without_stamp(params: Any) -> Any:
    if isinstance(params, dict) and "at" in params:
        raise ValueError("'at' is stamped by the harness; leave it out")
    return params


class Status(Message):
    """A notification: the client tells its user something. No answer."""

    method: Literal["status"]
    params: Annotated[StatusMessage, BeforeValidator(_without_stamp)]


class WaitParams(Shape):
    """Seconds of the world's time."""

    seconds: float = Field(ge=0, le=LONGEST_WAIT_S, allow_inf_nan=False)


class Wait(Message):
    """A request: tell me when so much of the world's time has passed. Answer: ``WaitOver``."""

    id: int | str
    method: Literal["wait"]
    params: WaitParams


class Answer(Message):
    """The answer to a call."""

    id: int
    result: Any


class Error(Shape):
    """Why a call was not carried out."""

    code: int
    message: str
    data: Any = None


class Refusal(Message):
    """The other answer to a call (or, from the harness, to a request that it cannot read)."""

    id: int | str | None
    error: Error


FROM_HARNESS = (Initialize, Start, Respond, Retry, Cancel, AskRights, FillStorage, Shutdown, WaitOver, Refusal)
FROM_CLIENT = (Status, Wait, Answer, Refusal)

FromClient = Status | Wait | Answer | Refusal
_BY_METHOD: dict[str, type[Status | Wait]] = {"status": Status, "wait": Wait}


def written(message: dict[str, Any]) -> bytes:
    """A message of the harness as its line; ``jsonrpc`` is added. ASCII only, so that no client stumbles over an encoding."""
    return json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode("ascii") + b"\n"


class UnreadableError(ValueError):
    """A line is no message of this protocol.

    Attributes:
        id: Of a request that waits for an answer, if there is one.
        code: JSON-RPC's number for what is wrong.
    """

    def __init__(self, reason: str, id_: int | str | None = None, code: int = INVALID_REQUEST) -> None:
        super().__init__(reason)
        self.id, self.code = id_, code


def read_message(line: bytes) -> FromClient:
    """The message in a line that a client wrote.

    Raises:
        UnreadableError: It is none; the text is the reason, for people.
    """
    try:
        data = from_json(line, allow_inf_nan=False)
    except ValueError as error:
        raise UnreadableError(f"no JSON: {error}") from error
    if not isinstance(data, dict):
        raise UnreadableError("a message is one JSON object a line")
    if "method" not in data:
        return _as_shape(Refusal if "error" in data else Answer, line, None)
    method, id_ = data["method"], data.get("id")
    request_id = id_ if isinstance(id_, int | str) and not isinstance(id_, bool) else None
    if not isinstance(method, str) or method not in _BY_METHOD:
        raise UnreadableError(f"a client sends the methods status and wait, not {method!r}", request_id, METHOD_NOT_FOUND)
    return _as_shape(_BY_METHOD[method], line, request_id)


def _as_shape(shape: type[Status | Wait | Answer | Refusal], line: bytes, request_id: int | str | None) -> FromClient:
    try:
        return shape.model_validate_json(line, strict=True)
    except ValidationError as error:
        raise UnreadableError(reasons_of(error), request_id, INVALID_PARAMS) from error


def reasons_of(error: ValidationError) -> str:
    """Each reason with its place: ``params.phase: Input should be 'started', …``. Values are not repeated."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'message'}: {one['msg']}" for one in found)
