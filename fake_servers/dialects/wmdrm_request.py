"""A WMDRM request: a posted form whose ``challenge`` is XML in base64.

The form, and the license request's XML, follow [MS-DRM] 2.2.3.1.2, 4.3 and 4.6; ``NONCE`` and ``CONTENT`` in it are ours, and
so are the other seven requests.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode
from xml.etree.ElementTree import Element, SubElement

from fake_servers.content_keys import base64url, key_id
from fake_servers.dialects.safe_xml import add_text, parse_xml, texts, write_xml
from fake_servers.services.decision import Exchange, ServiceRequest

FORM_TYPE = "application/x-www-form-urlencoded"

CONTENT_HEADERS = ("WRMHEADER", "WMRMHEADER")
"""[MS-DRM] writes the first in 3.1.5.2.1 and the second in its examples 4.3 and 4.6: both are read, the first is written."""

# fmt: off
ROOT: dict[Exchange, str] = {
    Exchange.INDIVIDUALIZATION: "INDIVIDUALIZATIONREQUEST",
    Exchange.LICENSE:           "LICENSEREQUEST",
    Exchange.MONITOR:           "MONITORREQUEST",
    Exchange.REVOCATION:        "REVOCATIONCHALLENGE",
    Exchange.ACKNOWLEDGEMENT:   "REVOCATIONACKNOWLEDGEMENT",
    Exchange.RELEASE:           "LICENSERELEASE",
    Exchange.BACKUP:            "BACKUPREQUEST",
    Exchange.RESTORE:           "RESTOREREQUEST",
}

# A license request by the public format has no nonce, so one without it is taken; ours always has one.
NEEDED: dict[Exchange, tuple[str, ...]] = {
    Exchange.INDIVIDUALIZATION: ("device", "idempotency_key"),
    Exchange.LICENSE:           ("device", "contents"),
    Exchange.MONITOR:           ("device", "contents", "nonce"),
    Exchange.REVOCATION:        ("device",),
    Exchange.ACKNOWLEDGEMENT:   ("device", "receipt"),
    Exchange.RELEASE:           ("device", "contents"),
    Exchange.BACKUP:            ("device", "licenses", "idempotency_key"),
    Exchange.RESTORE:           ("device", "computer", "idempotency_key"),
}
# fmt: on

BY_HEADER = (Exchange.LICENSE, Exchange.MONITOR)
"""Requests that name a content by its header, as [MS-DRM] has it."""


def write_form(request: ServiceRequest) -> bytes:
    """The form's body; ``nonsilent`` first, as the SDK has it."""
    challenge = base64.b64encode(write_xml(_request_xml(request))).decode("ascii")
    return urlencode({"nonsilent": "0" if request.silent else "1", "challenge": challenge}).encode("ascii")


def read_form(exchange: Exchange, body: bytes, idempotency_key: str) -> ServiceRequest:
    """The request in a form's body.

    Raises:
        ValueError: It is no such form, or lacks what the exchange needs.
    """
    challenge, silent = _challenge(body)
    request = _read_request(exchange, parse_xml(challenge), silent, idempotency_key)
    if missing := [name for name in NEEDED[exchange] if not getattr(request, name)]:
        raise ValueError(f"the request says nothing of: {', '.join(missing)}")
    return request


def _challenge(body: bytes) -> tuple[bytes, bool]:
    """The challenge's bytes, and whether the request is silent (the default, [MS-DRM] 2.2.3.1.2)."""
    form = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10)
    challenge, nonsilent = form.get("challenge", []), form.get("nonsilent", ["0"])
    if len(challenge) != 1:
        raise ValueError("the form must have the field 'challenge' once")
    if nonsilent not in (["0"], ["1"]):
        raise ValueError("the form's field 'nonsilent' must be 0 or 1")
    # A client that posts base64 without escaping it has its plus signs read as spaces, which base64 has not.
    return base64.b64decode(challenge[0].replace(" ", "+"), validate=True), nonsilent == ["0"]


def _request_xml(request: ServiceRequest) -> Element:
    root = Element(ROOT[request.exchange])
    if request.exchange is Exchange.LICENSE:
        root.set("version", "2.0.0.0")
        SubElement(root, "V1CHALLENGE")
        add_text(SubElement(root, "ACTIONLIST"), "ACTION", "Play")
    client = SubElement(root, "CLIENTINFO")
    add_text(client, "CLIENTID", request.device)
    add_text(client, "SECURITYVERSION", request.client_version)
    for content in request.contents:
        _add_content(root, content, by_header=request.exchange in BY_HEADER)
    for content in request.licenses:
        add_text(root, "LICENSE", content)
    add_text(root, "NONCE", request.nonce)
    add_text(root, "COMPUTER", request.computer)
    add_text(root, "RECEIPT", request.receipt)
    return root


def _add_content(root: Element, content: str, *, by_header: bool) -> None:
    if by_header:
        root = SubElement(SubElement(root, CONTENT_HEADERS[0], version="2.0.0.0"), "DATA")
        add_text(root, "KID", base64.b64encode(key_id(content)).decode("ascii"))
    add_text(root, "CONTENT", content)


def _read_request(exchange: Exchange, root: Element, silent: bool, key: str) -> ServiceRequest:
    if root.tag != ROOT[exchange]:
        raise ValueError(f"the challenge is a {root.tag}, not a {ROOT[exchange]}")
    return ServiceRequest(
        exchange=exchange,
        device=root.findtext("CLIENTINFO/CLIENTID", ""),
        client_version=root.findtext("CLIENTINFO/SECURITYVERSION", ""),
        contents=tuple(content for content in _contents(root) if content),
        licenses=texts(root, "LICENSE"),
        nonce=root.findtext("NONCE", ""),
        computer=root.findtext("COMPUTER", ""),
        receipt=root.findtext("RECEIPT", ""),
        idempotency_key=key,
        silent=silent,
    )


def _contents(root: Element) -> Iterator[str]:
    """By our own ``CONTENT`` where there is one; a content header of the public format has only the key id."""
    for child in root:
        if child.tag in CONTENT_HEADERS:
            kid = child.findtext("DATA/KID", "").strip()
            yield child.findtext("DATA/CONTENT", "") or base64url(base64.b64decode(kid, validate=True))
        elif child.tag == "CONTENT":
            yield child.text or ""
