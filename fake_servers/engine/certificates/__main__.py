"""Makes all stored certificates and keys anew, in their folder: ``python -m fake_servers.engine.certificates``."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fake_servers.engine.certificates import ADDRESSES, FOLDER, NAMES, WRONG_NAME

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
LONG_PAST, FAR_AHEAD = datetime(2021, 1, 1, tzinfo=UTC), datetime(2110, 1, 1, tzinfo=UTC)

WARNING = b"# TEST ONLY: this key is public. Nothing that matters may trust it.\n"

Identity = tuple[x509.Certificate, rsa.RSAPrivateKey]


def main() -> None:
    """Write every file."""
    authority = make_authority("drm-harness test authority")
    between = make_authority("drm-harness test authority for servers", authority)
    stranger = make_authority("drm-harness: nobody trusts this one")
    (FOLDER / "ca.pem").write_bytes(authority[0].public_bytes(Encoding.PEM))
    write_server("good", authority, (*ADDRESSES, *NAMES))
    write_server("renewed", authority, (*ADDRESSES, *NAMES))
    write_server("expired", authority, (*ADDRESSES, *NAMES), until=LONG_PAST)
    write_server("not_yet_valid", authority, (*ADDRESSES, *NAMES), since=FAR_AHEAD)
    write_server("broken_chain", between, (*ADDRESSES, *NAMES))
    write_server("wrong_host", authority, (WRONG_NAME,))
    write_server("unknown_ca", stranger, (*ADDRESSES, *NAMES))


def make_authority(name: str, above: Identity | None = None) -> Identity:
    """A root that vouches for itself; or one below it, which may sign servers' certificates only."""
    key = new_key()
    subject = named(name)
    issuer, issuer_key = (subject, key) if above is None else (above[0].subject, above[1])
    builder = (
        started(subject, issuer, key, BEGIN, END)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1 if above is None else 0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, SHA256()), key


def write_server(
    file: str, authority: Identity, hosts: tuple[str, ...], since: datetime = BEGIN, until: datetime = END
) -> None:
    """A server's key, and below it its certificate. The root stays out, as is usual: who trusts it, has it."""
    signer, signer_key = authority
    key = new_key()
    builder = (
        started(named("drm-harness test server"), signer.subject, key, since, until)
        .add_extension(x509.SubjectAlternativeName([alternative(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()), critical=False)
    )
    certificate = builder.sign(signer_key, SHA256())
    parts = (
        WARNING,
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        certificate.public_bytes(Encoding.PEM),
    )
    (FOLDER / f"{file}.pem").write_bytes(b"".join(parts))


def started(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    """What every certificate has."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def new_key() -> rsa.RSAPrivateKey:
    """RSA, for signatures of constant length."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def alternative(host: str) -> x509.GeneralName:
    """A host as certificates name it."""
    return x509.IPAddress(ip_address(host)) if host in ADDRESSES else x509.DNSName(host)


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """What the key is for: to sign certificates, or handshakes."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


if __name__ == "__main__":
    main()
