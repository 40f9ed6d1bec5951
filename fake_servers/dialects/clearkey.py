"""Clear Key, the key system that every EME browser has: JSON over POST.

The bodies are those of W3C Encrypted Media Extensions, sections "License Request Format", "License Format", "License Release
Format" and "License Release Acknowledgement Format" of Clear Key. EME says nothing of HTTP: methods, statuses and refusals
are ours (docs/dialects.md).
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from fake_servers.content_keys import KEY_BYTES, base64url, from_base64url, key_id_text
from fake_servers.dialects.base import (
    SUCCESS,
    BadReply,
    BadRequest,
    HttpRequest,
    check_post,
    check_size,
    dialect,
    media_type,
    under_the_names_asked,
)
from fake_servers.faults.base import Reply
from fake_servers.services.decision import Answer, Decision, Exchange, License, ServiceRequest

SESSION_TYPES = ("temporary", "persistent-license")

STATUS = {Answer.MAINTENANCE: 503, Answer.MALFORMED: 422}
"""HTTP status of a refusal; 403 for all others."""

REFUSALS = frozenset(answer.value for answer in Answer) - frozenset(answer.value for answer in SUCCESS.values())

JSON_TYPE = {"Content-Type": "application/json"}


@dialect("clearkey")
class ClearKey:
    """W3C EME Clear Key: licenses for any EME player, and release of a persistent license for a scripted client.

    There is no device, nonce, expiry or page on this wire. A content goes by its key id.
    """

    name: str
    exchanges = frozenset({Exchange.LICENSE, Exchange.RELEASE})
    invented: frozenset[Exchange] = frozenset()

    def decode_request(self, exchange: Exchange, http: HttpRequest) -> ServiceRequest:
        """``{"kids": [...], "type": "..."}``, under any content type or none: players differ in it."""
        check_post(http)
        try:
            return _request(exchange, http.body)
        except ValueError as error:
            raise BadRequest(str(error)) from error

    def encode_reply(self, exchange: Exchange, decision: Decision) -> Reply:
        """A JWK set, a release acknowledgement, or ``{"error": ..., "text": ...}`` with an HTTP error status."""
        if decision.answer is not SUCCESS[exchange]:
            return Reply(STATUS.get(decision.answer, 403), JSON_TYPE, _compact(_refusal(decision)))
        if exchange is Exchange.RELEASE:
            return Reply(200, JSON_TYPE, _compact({"kids": [key_id_text(content) for content in decision.contents]}))
        keys = [{"kty": "oct", "kid": key_id_text(lic.content), "k": base64url(lic.key)} for lic in decision.licenses]
        return Reply(200, JSON_TYPE, _compact({"keys": keys, "type": "temporary"}))

    def encode_request(self, request: ServiceRequest, url: str) -> HttpRequest:
        """As browsers send it; a release message has no ``type``."""
        message: dict[str, Any] = {"kids": [key_id_text(content) for content in request.contents]}
        if request.exchange is Exchange.LICENSE:
            message["type"] = "temporary"
        return HttpRequest("POST", url, {"content-type": "application/json"}, _compact(message))

    def decode_reply(self, exchange: Exchange, reply: Reply, asked: tuple[str, ...] = ()) -> Decision:
        """As strict as Chromium: one bad key spoils the set. Any JSON content type, or none, will do."""
        check_size(reply)
        kind = media_type(reply.headers)
        if kind and kind != "application/json" and not kind.endswith("+json"):
            raise BadReply(f"the content type is {kind}, not application/json")
        try:
            message = _json_object(reply.body)
            return under_the_names_asked(_decision(exchange, reply.status, message), asked)
        except ValueError as error:
            raise BadReply(str(error)) from error


@lru_cache(maxsize=128)  # players ask for the same few contents
def _request(exchange: Exchange, body: bytes) -> ServiceRequest:
    message = _json_object(body)
    contents = _key_ids(message)
    if message.get("type", "temporary") not in SESSION_TYPES:
        raise ValueError(f"'type' is not one of {', '.join(SESSION_TYPES)}")
    return ServiceRequest(exchange=exchange, contents=contents)


def _refusal(decision: Decision) -> dict[str, str]:
    said = {"error": decision.answer.value, "text": decision.text, "url": decision.url}
    return {name: value for name, value in said.items() if value or name != "url"}


def _decision(exchange: Exchange, status: int, message: dict[str, Any]) -> Decision:
    if status != 200:
        return _refused(status, message)
    if exchange is Exchange.RELEASE:
        return Decision(answer=Answer.ACKNOWLEDGED, contents=_key_ids(message))
    keys = message.get("keys")
    if not isinstance(keys, list) or not keys:
        raise ValueError("there is no key in the reply")
    if message.get("type", "temporary") not in SESSION_TYPES:
        raise ValueError(f"'type' is not one of {', '.join(SESSION_TYPES)}")
    return Decision(answer=Answer.GRANTED, licenses=tuple(_license(key) for key in keys))


def _refused(status: int, message: dict[str, Any]) -> Decision:
    error = message.get("error")
    if status < 400 or not isinstance(error, str) or error not in REFUSALS:
        raise ValueError(f"the reply has status {status} and no refusal of this dialect")
    return Decision(answer=Answer(error), text=_words(message, "text"), url=_words(message, "url"))


def _license(key: object) -> License:
    """A JWK of the kind that Clear Key takes (``cenc``: keys of 16 bytes)."""
    if not isinstance(key, dict) or key.get("kty") != "oct":
        raise ValueError("an entry of 'keys' is not a symmetric key (kty 'oct')")
    kid, k = (from_base64url(key[name]) if isinstance(key.get(name), str) else b"" for name in ("kid", "k"))
    if not kid:
        raise ValueError("a key has no 'kid'")
    if len(k) != KEY_BYTES:
        raise ValueError(f"a key has {len(k)} bytes, not {KEY_BYTES}")
    return License(content=base64url(kid), key=k)


def _key_ids(message: dict[str, Any]) -> tuple[str, ...]:
    kids = message.get("kids")
    if not isinstance(kids, list) or not kids or not all(isinstance(kid, str) for kid in kids):
        raise ValueError("'kids' is not a list of key ids")
    return tuple(base64url(from_base64url(kid)) for kid in kids)


def _json_object(body: bytes) -> dict[str, Any]:
    """The object in a body of UTF-8.

    Raises:
        ValueError: It is anything else.
    """
    try:
        message = json.loads(body.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"the body is not JSON in UTF-8: {error}") from error
    if not isinstance(message, dict):
        raise ValueError("the body is not a JSON object")
    return message


def _compact(message: dict[str, Any]) -> bytes:
    """As browsers write it: no space anywhere."""
    return json.dumps(message, separators=(",", ":")).encode("ascii")


def _words(message: dict[str, Any], name: str) -> str:
    """A member's text; lone surrogates, which JSON allows and UTF-8 does not, become question marks."""
    value = message.get(name, "")
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
