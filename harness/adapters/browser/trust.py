"""Which certificates the browser is to trust: the public test ones that are in order, and no other.

Chromium takes no authority by command line, but the keys of certificates: SHA-256 of SubjectPublicKeyInfo, in base64. Source:
RFC 5280, 4.1 (where that stands in a certificate).
"""

from __future__ import annotations

import base64
import hashlib
import ssl
from pathlib import Path

from fake_servers.engine.certificates import FOLDER

IN_ORDER = ("good.pem", "renewed.pem")
BEFORE_THE_KEY = 6
"""Fields of a TBSCertificate: version, serial number, signature, issuer, validity, subject."""


def trusting() -> str:
    """The argument by which Chromium trusts them."""
    return f"--ignore-certificate-errors-spki-list={','.join(fingerprint(FOLDER / name) for name in IN_ORDER)}"


def fingerprint(file: Path) -> str:
    """Of the key in the first certificate of a PEM file."""
    text = file.read_text(encoding="ascii")
    begin, end = text.index(ssl.PEM_HEADER), text.index(ssl.PEM_FOOTER) + len(ssl.PEM_FOOTER)
    der = ssl.PEM_cert_to_DER_cert(text[begin:end])
    begin, _ = _content(der, _content(der, 0)[0])
    for _ in range(BEFORE_THE_KEY):
        begin = _content(der, begin)[1]
    return base64.b64encode(hashlib.sha256(der[begin : _content(der, begin)[1]]).digest()).decode("ascii")


def _content(der: bytes, begin: int) -> tuple[int, int]:
    """Where the content of the value at ``begin`` begins and ends."""
    length, after = der[begin + 1], begin + 2
    if length & 0x80:
        size = length & 0x7F
        length, after = int.from_bytes(der[after : after + size], "big"), after + size
    return after, after + length
