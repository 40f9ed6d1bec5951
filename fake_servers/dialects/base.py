"""What a dialect is: a wire format in both directions, and no decision.

A service is on one side and our reference client on the other, and both speak through the same dialect. So a dialect is tested
against wire bytes from elsewhere (``tests/vectors``): against itself alone it would always agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from fake_servers.content_keys import key_id_text
from fake_servers.errors import FakeServerError, RegistrationError
from fake_servers.faults.base import Reply
from fake_servers.registry import Registry
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest

MAX_REQUEST_BYTES = 64 * 1024
MAX_REPLY_BYTES = 1024 * 1024
"""Far above any honest message, far below what could hurt."""

# fmt: off
SUCCESS: dict[Exchange, Answer] = {
    Exchange.INDIVIDUALIZATION: Answer.INDIVIDUALIZED,
    Exchange.LICENSE:           Answer.GRANTED,
    Exchange.MONITOR:           Answer.GRANTED,
    Exchange.REVOCATION:        Answer.REMOVAL_ORDERED,
    Exchange.ACKNOWLEDGEMENT:   Answer.ACKNOWLEDGED,
    Exchange.RELEASE:           Answer.ACKNOWLEDGED,
    Exchange.BACKUP:            Answer.BACKUP_STORED,
    Exchange.RESTORE:           Answer.RESTORED,
}
# fmt: on
"""The one answer by which each exchange has succeeded; any other is a refusal or, for ``monitor``, not yet an answer."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as HTTP carries it. Header names in lower case."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class BadRequest(FakeServerError):  # noqa: N818  # called what HTTP calls it
    """What arrived is no request of this dialect.

    Attributes:
        reason: What is wrong with it, for people.
        status: The HTTP status that says so: 400, 405, 413 or 415.
    """

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


class BadReply(FakeServerError):  # noqa: N818  # the counterpart of BadRequest
    """What arrived is no reply of this dialect.

    Attributes:
        reason: What is wrong with it, for people.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Dialect(Protocol):
    """A wire format.

    Attributes:
        name: As registered.
        exchanges: Those that it can carry.
        invented: Those of them whose wire, or a part of it, is of our own invention; reports mark them.
    """

    name: str
    exchanges: frozenset[Exchange]
    invented: frozenset[Exchange]

    def decode_request(self, exchange: Exchange, http: HttpRequest) -> ServiceRequest:
        """What is asked. Contents are names or key ids in base64url, as the wire has them.

        Raises:
            BadRequest: It is not a request of this dialect, whatever else it is.
        """
        ...

    def encode_reply(self, exchange: Exchange, decision: Decision) -> Reply:
        """The reply that says this decision, the same for the same one; what the wire cannot say is left out."""
        ...

    def encode_request(self, request: ServiceRequest, url: str) -> HttpRequest:
        """The request that asks this; what the wire cannot say is left out."""
        ...

    def decode_reply(self, exchange: Exchange, reply: Reply, asked: tuple[str, ...] = ()) -> Decision:
        """What was decided.

        Args:
            exchange: What had been asked for.
            reply: A reply received whole, of whatever status.
            asked: The contents that had been asked for. Licenses for them come back under these names; a reply that holds none
                of them is no reply to the request. Without it, contents are named as the wire has them.

        Raises:
            BadReply: It is not a reply of this dialect: a portal's page, a torn or foreign body, a key of the wrong length, or
                an error status without a body of this dialect, which speaks for itself.
        """
        ...


DIALECTS: Registry[Dialect] = Registry("dialect", entry_point_group="drm_harness.dialects")

D = TypeVar("D", bound=type[Dialect])


def dialect(name: str) -> Callable[[D], D]:
    """Register an instance of a dialect class under the name that scenarios and command lines use.

    Raises:
        RegistrationError: The class has no docstring or no exchange, or calls an exchange invented that it does not carry.
    """

    def register(cls: D) -> D:
        if not cls.__doc__:
            raise RegistrationError(f"dialect {name!r}: {cls.__name__} needs a docstring; lists and docs are made from it")
        if not cls.exchanges or not cls.invented <= cls.exchanges:
            raise RegistrationError(f"dialect {name!r}: {cls.__name__} must carry an exchange, and each that it calls invented")
        cls.name = name
        DIALECTS.add(name, cls())
        return cls

    return register


def check_post(http: HttpRequest) -> None:
    """Refuse what is too large, or not posted.

    Raises:
        BadRequest: With status 405 or 413.
    """
    if http.method.upper() != "POST":
        raise BadRequest(f"the method is {http.method}, not POST", 405)
    if len(http.body) > MAX_REQUEST_BYTES:
        raise BadRequest(f"the body has {len(http.body)} bytes, more than {MAX_REQUEST_BYTES}", 413)


def header(headers: Mapping[str, str], name: str) -> str:
    """The header's value whatever the case of its name; ``""`` if there is none."""
    return next((value for found, value in headers.items() if found.lower() == name.lower()), "")


def media_type(headers: Mapping[str, str]) -> str:
    """``text/html`` of ``Text/HTML; charset=utf-8``; ``""`` if there is no content type."""
    return header(headers, "content-type").partition(";")[0].strip().lower()


def check_size(reply: Reply) -> None:
    """Refuse a reply that no honest service sends.

    Raises:
        BadReply: It is too large.
    """
    if len(reply.body) > MAX_REPLY_BYTES:
        raise BadReply(f"the body has {len(reply.body)} bytes, more than {MAX_REPLY_BYTES}")


def under_the_names_asked(decision: Decision, asked: tuple[str, ...]) -> Decision:
    """The decision with the contents that were asked for under the names that were used.

    Raises:
        BadReply: Licenses arrived, and none is for what was asked.
    """
    names = {key_id_text(content): content for content in asked}
    licenses = tuple(
        replace(found, content=names.get(key_id_text(found.content), found.content)) for found in decision.licenses
    )
    if asked and licenses and not any(found.content in asked for found in licenses):
        raise BadReply("every license in the reply is for content that was not asked for")
    contents = tuple(names.get(key_id_text(content), content) for content in decision.contents)
    return replace(decision, licenses=licenses, contents=contents)
