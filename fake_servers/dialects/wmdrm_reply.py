"""A WMDRM reply, of our own invention: a ``RESULT`` with an HRESULT, or an individualized component as it is."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from fake_servers.content_keys import KEY_BYTES
from fake_servers.dialects.base import SUCCESS, header
from fake_servers.dialects.safe_xml import add_text, parse_xml, texts
from fake_servers.faults.base import Reply
from fake_servers.services.decision import Answer, Decision, Exchange, License

# fmt: off
HR: dict[Answer, int] = {
    Answer.INDIVIDUALIZED:          0x000D2727,  # NS_S_DRM_INDIVIDUALIZED
    Answer.GRANTED:                 0x000D2726,  # NS_S_DRM_LICENSE_ACQUIRED
    Answer.REMOVAL_ORDERED:         0x00000000,  # S_OK, and so for every success that nserror.h has no code for
    Answer.ACKNOWLEDGED:            0x00000000,
    Answer.BACKUP_STORED:           0x00000000,
    Answer.RESTORED:                0x00000000,
    Answer.PAGE_PENDING:            0xC00D0BBE,  # NS_E_LICENSE_REQUIRED: there is none yet
    Answer.PAGE_REQUIRED:           0xC00D2759,  # NS_E_DRM_LICENSE_NOTACQUIRED, with the page's URL
    Answer.NEEDS_INDIVIDUALIZATION: 0xC00D2728,  # NS_E_DRM_NEEDS_INDIVIDUALIZATION
    Answer.CLIENT_TOO_OLD:          0xC00D27DA,  # NS_E_DRM_LICENSE_APPSECLOW
    Answer.DENIED:                  0xC00D28A2,  # NS_E_DRM_LICENSE_UNAVAILABLE
    Answer.DEVICE_REVOKED:          0xC00D2752,  # NS_E_DRM_APPCERT_REVOKED
    Answer.LICENSE_EXPIRED:         0xC00D27D8,  # NS_E_DRM_LICENSE_EXPIRED
    Answer.STALE_NONCE:             0xC00D272E,  # NS_E_BACKUP_RESTORE_BAD_REQUEST_ID: "make a fresh one" fits, if not its name
    Answer.QUOTA_USED_UP:           0xC00D2843,  # NS_E_DRM_INDIV_FRAUD
    Answer.RESTORE_LIMIT:           0xC00D2753,  # NS_E_DRM_RESTORE_FRAUD, with the distributor's URL
    Answer.NOTHING_TO_RESTORE:      0xC00D2743,  # NS_E_DRM_BACKUP_CORRUPT: items missing or corrupt
    Answer.BACKUP_CORRUPT:          0xC00D2745,  # NS_E_BACKUP_RESTORE_BAD_DATA: BACKUP_CORRUPT is taken by the answer above
    Answer.TOO_MANY_RESETS:         0xC00D2766,  # NS_E_BACKUP_RESTORE_TOO_MANY_RESETS
    Answer.MAINTENANCE:             0xC00D275E,  # NS_E_DRM_ERROR_BAD_NET_RESP
    Answer.MALFORMED:               0x80070057,  # E_INVALIDARG
}
# fmt: on

PACKAGE_TYPE = "application/octet-stream"
PACKAGE_VERSION = "Component-Version"
DIGEST = "Content-Digest"

_CODE = re.compile(r"0x[0-9A-Fa-f]{8}")


def status_of(answer: Answer) -> int:
    """The result rides on the code, so the status is 200 unless the request itself was at fault."""
    return 422 if answer is Answer.MALFORMED else 200


def sealed(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """A reply with the digest of its body (RFC 9530), in the place of a signature: a torn or altered reply shows."""
    return Reply(status, {**headers, DIGEST: _digest(body)}, body)


def check_seal(reply: Reply) -> None:
    """Look whether the body is what the service sent.

    Raises:
        ValueError: It is not, or there is no telling.
    """
    if header(reply.headers, DIGEST) != _digest(reply.body):
        raise ValueError(f"the body is not what its {DIGEST} says")


def _digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"


def read_package(reply: Reply) -> Decision:
    """The component in a reply.

    Raises:
        ValueError: It has no version.
    """
    version = header(reply.headers, PACKAGE_VERSION)
    if not version:
        raise ValueError(f"the component has no {PACKAGE_VERSION}")
    return Decision(answer=Answer.INDIVIDUALIZED, package=reply.body, client_version=version)


def result_xml(decision: Decision) -> Element:
    """Any decision but a component."""
    root = Element("RESULT", hr=f"0x{HR[decision.answer]:08X}")
    for name, value in (("nonce", decision.nonce), ("url", decision.url), ("text", decision.text)):
        if value:
            root.set(name, value)
    for granted in decision.licenses:
        license_ = SubElement(root, "LICENSE", content=granted.content, key=base64.b64encode(granted.key).decode("ascii"))
        for name, epoch_s in (("begins", granted.begins_epoch_s), ("expires", granted.expires_epoch_s)):
            if epoch_s is not None:
                license_.set(name, repr(epoch_s))
        if not granted.may_back_up:
            license_.set("backup", "0")
    for content in decision.contents:
        add_text(root, "CONTENT", content)
    add_text(root, "RECEIPT", decision.receipt)
    return root


def read_result(exchange: Exchange, reply: Reply) -> Decision:
    """The decision in a reply to this exchange.

    Raises:
        ValueError: It is no result, not one for this exchange, or brings less than it says.
    """
    root = parse_xml(reply.body)
    if root.tag != "RESULT":
        raise ValueError(f"the reply is a {root.tag}, not a RESULT")
    answer = _answer(exchange, root.get("hr", ""))
    if reply.status != status_of(answer):
        raise ValueError(f"the reply has status {reply.status}, which does not go with {answer.value}")
    decision = Decision(
        answer=answer,
        licenses=tuple(_license(element) for element in root.findall("LICENSE")),
        contents=texts(root, "CONTENT"),
        url=root.get("url", ""),
        receipt=root.findtext("RECEIPT", ""),
        nonce=root.get("nonce", ""),
        text=root.get("text", ""),
    )
    if lacking := _lacking(decision):
        raise ValueError(f"the reply says {answer.value} and brings no {lacking}")
    return decision


def _answer(exchange: Exchange, code: str) -> Answer:
    """One code stands for several successes; the exchange tells which."""
    hr = int(code, 16) if _CODE.fullmatch(code) else None
    if hr == HR[SUCCESS[exchange]]:
        return SUCCESS[exchange]
    meant = [answer for answer, value in HR.items() if value == hr and answer not in SUCCESS.values()]
    if not meant:
        raise ValueError(f"result code {code or 'none'} means nothing for {exchange.value}")
    return meant[0]


def _lacking(decision: Decision) -> str:
    """What a success must bring and this one does not."""
    match decision.answer:
        case Answer.INDIVIDUALIZED:
            return "component"
        case Answer.GRANTED | Answer.RESTORED if not decision.licenses:
            return "license"
        case Answer.REMOVAL_ORDERED if not (decision.receipt and decision.contents):
            return "signed list"
        case Answer.PAGE_REQUIRED if not decision.url:
            return "address"
    return ""


def _license(element: Element) -> License:
    content, key = element.get("content", ""), base64.b64decode(element.get("key", ""), validate=True)
    if not content:
        raise ValueError("a license does not say for which content it is")
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {len(key)} bytes, not {KEY_BYTES}")
    return License(
        content=content,
        key=key,
        begins_epoch_s=_date(element, "begins"),
        expires_epoch_s=_date(element, "expires"),
        may_back_up=element.get("backup") != "0",
    )


def _date(element: Element, name: str) -> float | None:
    text = element.get(name)
    if text is not None and not math.isfinite(float(text)):
        raise ValueError(f"a license {name} at no date")
    return None if text is None else float(text)
