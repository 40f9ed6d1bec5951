"""An authority made for one address of this machine that others can reach, kept in a folder of the user's.

A device that trusts it, trusts it for that address alone: the certificate says so. Its key stays in the folder, which nobody
else may read.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fake_servers.clock import Clock
from fake_servers.engine.certificates import FOLDER, WRONG_NAME
from fake_servers.engine.tls import Authority
from fake_servers.errors import ListenError

YEARS, DAYS = timedelta(days=3650), timedelta(days=397)
"""Of the authority, and of a server's certificate: devices refuse those that are good for much longer."""

A_DAY = timedelta(days=1)


def own_authority(folder: Path, host: str, clock: Clock) -> Authority:
    """The authority in ``folder``, made if there is none yet, with fresh certificates for ``host``.

    Raises:
        ListenError: It is another host's, cannot be read or written, or the package that makes certificates is missing.
    """
    try:
        _prepare(folder, host, datetime.fromtimestamp(clock.epoch_s(), UTC))
    except ImportError as error:
        raise ListenError(
            "to make a certificate needs the package 'cryptography': pip install 'drm-harness[serve]', or give your own "
            "certificate with --tls-cert and --tls-key"
        ) from error
    except OSError as error:
        raise ListenError(f"{folder}: no authority can be kept there: {error.strerror or error}") from error
    return Authority(folder, certifies=lambda asked: asked == host)


def _prepare(folder: Path, host: str, now: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

    from fake_servers.engine.certificates import making

    folder.mkdir(parents=True, exist_ok=True)
    ca_file, key_file = folder / "ca.pem", folder / "authority.key.pem"
    if not ca_file.exists():
        name = f"drm-harness test authority for {host} only"
        certificate, key = making.make_authority(name, only_for=host, since=now - A_DAY, until=now + YEARS)
        _write(key_file, making.key_pem(key))
        _write(ca_file, certificate.public_bytes(Encoding.PEM))
    try:
        certificate = x509.load_pem_x509_certificate(ca_file.read_bytes())
        loaded = load_pem_private_key(key_file.read_bytes(), password=None)
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except (ValueError, TypeError, x509.ExtensionNotFound) as error:
        raise ListenError(f"{folder} holds no authority of ours: {error}; choose another folder") from error
    assert isinstance(loaded, RSAPrivateKey), "we make no others"
    if constraints.permitted_subtrees != making.permitted(host):
        raise ListenError(f"the authority in {folder} was made for another host than {host}: choose another folder")
    mine = certificate, loaded
    between = making.make_authority("drm-harness test authority for servers", mine, since=now - A_DAY, until=now + YEARS)
    good = now - A_DAY, now + DAYS
    files = {
        "good": making.server_pem(mine, (host,), *good),
        "renewed": making.server_pem(mine, (host,), *good),
        "expired": making.server_pem(mine, (host,), making.BEGIN, making.LONG_PAST),
        "not_yet_valid": making.server_pem(mine, (host,), making.FAR_AHEAD, making.END),
        "broken_chain": making.server_pem(between, (host,), *good),
        "wrong_host": making.server_pem(mine, (WRONG_NAME,), *good),
        "unknown_ca": (FOLDER / "unknown_ca.pem").read_bytes(),
    }
    for file, pem in files.items():
        _write(folder / f"{file}.pem", pem)


def _write(file: Path, data: bytes) -> None:
    """Readable by nobody else from the first moment on."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
