"""Makes all stored certificates and keys anew, in their folder: ``python -m fake_servers.engine.certificates``."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding

from fake_servers.engine.certificates import ADDRESSES, FOLDER, NAMES, WRONG_NAME
from fake_servers.engine.certificates.making import FAR_AHEAD, LONG_PAST, make_authority, server_pem

WARNING = b"# TEST ONLY: this key is public. Nothing that matters may trust it.\n"


def main() -> None:
    """Write every file."""
    authority = make_authority("drm-harness test authority")
    between = make_authority("drm-harness test authority for servers", authority)
    stranger = make_authority("drm-harness: nobody trusts this one")
    every = (*ADDRESSES, *NAMES)
    servers = {
        "good": server_pem(authority, every),
        "renewed": server_pem(authority, every),
        "expired": server_pem(authority, every, until=LONG_PAST),
        "not_yet_valid": server_pem(authority, every, since=FAR_AHEAD),
        "broken_chain": server_pem(between, every),
        "wrong_host": server_pem(authority, (WRONG_NAME,)),
        "unknown_ca": server_pem(stranger, every),
    }
    (FOLDER / "ca.pem").write_bytes(authority[0].public_bytes(Encoding.PEM))
    for file, pem in servers.items():
        (FOLDER / f"{file}.pem").write_bytes(WARNING + pem)


if __name__ == "__main__":
    main()
