"""Requests of two dialects, written by hand from their description, and what their replies say. Uses no code of the servers."""

import base64
import hashlib
import xml.etree.ElementTree as ET
from urllib.parse import urlencode

from tests.fake_servers.proofs.probe import PATIENCE_S, Received, ask
from tests.fake_servers.proofs.serving import Served, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

# fmt: off
ACQUIRED                = "0x000D2726"
RESTORED                = "0x00000000"
NEEDS_INDIVIDUALIZATION = "0xC00D2728"
UNAVAILABLE             = "0xC00D28A2"
REVOKED                 = "0xC00D2752"
RESTORE_LIMIT           = "0xC00D2753"
BAD_NET_RESP            = "0xC00D275E"
SEEN_BEFORE             = "0xC00D272E"
CLIENT_TOO_OLD          = "0xC00D27DA"
QUOTA_USED_UP           = "0xC00D2843"
BAD_DATA                = "0xC00D2745"
TOO_MANY_RESETS         = "0xC00D2766"
# fmt: on
"""Result codes of the wmdrm dialect."""


def _kid(content: str) -> bytes:
    return hashlib.sha256(b"kid:" + content.encode()).digest()[:16]


FILM_KID = base64.urlsafe_b64encode(_kid("film")).rstrip(b"=").decode()
CLEARKEY_REQUEST = b'{"kids":["' + FILM_KID.encode() + b'"],"type":"temporary"}'


def ask_clearkey(served: Served, patience_s: float = PATIENCE_S) -> Received:
    """Ask for the film's license as a Clear Key player does."""
    return ask(served.license_url, CLEARKEY_REQUEST, trust=served.trust, patience_s=patience_s)


def honest_reply(*, tls: bool = False) -> bytes:
    """What an undisturbed Clear Key service answers, byte for byte."""
    with serving(tls=tls) as served:
        received = ask_clearkey(served)
    assert received.ending == "fin"
    assert received.is_whole
    assert received.status == 200
    return received.data


def ask_wmdrm(served: Served, nonce: str, patience_s: float = PATIENCE_S) -> Received:
    """Ask for the film's license in the wmdrm dialect. The service takes each nonce once, if a request with it reaches it."""
    return ask(served.license_url, wmdrm_request(nonce), FORM, patience_s=patience_s)


def wmdrm_request(nonce: str) -> bytes:
    """The body that asks for the film's license."""
    kid = base64.b64encode(_kid("film")).decode()
    xml = (
        '<LICENSEREQUEST version="2.0.0.0"><V1CHALLENGE/><ACTIONLIST><ACTION>Play</ACTION></ACTIONLIST>'
        "<CLIENTINFO><CLIENTID>device-1</CLIENTID><SECURITYVERSION>2.2</SECURITYVERSION></CLIENTINFO>"
        f'<WRMHEADER version="2.0.0.0"><DATA><KID>{kid}</KID><CONTENT>film</CONTENT></DATA></WRMHEADER>'
        f"<NONCE>{nonce}</NONCE></LICENSEREQUEST>"
    )
    return _form(xml)


def ask_restore(served: Served, computer: str) -> Received:
    """Restore the backup on ``computer``."""
    xml = (
        "<RESTOREREQUEST><CLIENTINFO><CLIENTID>device-1</CLIENTID><SECURITYVERSION>2.2</SECURITYVERSION></CLIENTINFO>"
        f"<COMPUTER>{computer}</COMPUTER></RESTOREREQUEST>"
    )
    return ask(served.endpoints["restore"], _form(xml), {**FORM, "Idempotency-Key": f'"restore-on-{computer}"'})


def ask_individualization(served: Served, key: str) -> Received:
    """Ask for the device's component."""
    xml = "<INDIVIDUALIZATIONREQUEST><CLIENTINFO><CLIENTID>device-1</CLIENTID></CLIENTINFO></INDIVIDUALIZATIONREQUEST>"
    return ask(served.endpoints["individualization"], _form(xml), {**FORM, "Idempotency-Key": f'"{key}"'})


def ask_revocation(served: Served) -> Received:
    """Ask for the signed list of what has to go."""
    xml = "<REVOCATIONCHALLENGE><CLIENTINFO><CLIENTID>device-1</CLIENTID></CLIENTINFO></REVOCATIONCHALLENGE>"
    return ask(served.endpoints["revocation"], _form(xml), {**FORM, "Idempotency-Key": '"the-same"'})


def _form(xml: str) -> bytes:
    return urlencode({"nonsilent": "0", "challenge": base64.b64encode(xml.encode()).decode()}).encode()


def result(received: Received) -> ET.Element:
    """The result in a whole reply of the wmdrm dialect."""
    assert received.is_whole
    return ET.fromstring(received.body)


def code(received: Received) -> str | None:
    """Its result code."""
    return result(received).get("hr")


def service_acted_on(served: Served, nonce: str) -> bool:
    """Whether a request with this nonce reached the service and was worked on: it tells by taking the nonce no more."""
    answer = code(ask_wmdrm(served, nonce))
    assert answer in (ACQUIRED, SEEN_BEFORE)
    return answer == SEEN_BEFORE
