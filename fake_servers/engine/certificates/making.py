"""Makes authorities and servers' certificates; it needs the package ``cryptography``."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv4Network, ip_address, ip_network

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fake_servers.engine.certificates import WRONG_NAME

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
LONG_PAST, FAR_AHEAD = datetime(2021, 1, 1, tzinfo=UTC), datetime(2110, 1, 1, tzinfo=UTC)

NOWHERE = IPv4Network("192.0.2.0/32")
"""RFC 5737: nobody has this address."""

Identity = tuple[x509.Certificate, rsa.RSAPrivateKey]


def make_authority(
    name: str,
    above: Identity | None = None,
    *,
    only_for: str | None = None,
    since: datetime = BEGIN,
    until: datetime = END,
) -> Identity:
    """A root that vouches for itself; or one below it, which may sign servers' certificates only.

    Args:
        only_for: Whatever it signs is good for this host alone (and for the name that no host can have).
    """
    key = new_key()
    subject = named(name)
    issuer, issuer_key = (subject, key) if above is None else (above[0].subject, above[1])
    builder = (
        started(subject, issuer, key, since, until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1 if above is None else 0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if only_for is not None:
        builder = builder.add_extension(x509.NameConstraints(permitted(only_for), None), critical=True)
    return builder.sign(issuer_key, SHA256()), key


def server_pem(authority: Identity, hosts: tuple[str, ...], since: datetime = BEGIN, until: datetime = END) -> bytes:
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
    return key_pem(key) + certificate.public_bytes(Encoding.PEM)


def key_pem(key: rsa.RSAPrivateKey) -> bytes:
    """As files hold it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


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
    return x509.IPAddress(ip_address(host)) if is_address(host) else x509.DNSName(host)


def permitted(host: str) -> list[x509.GeneralName]:
    """What an authority for one host may vouch for. A kind of name that is not there at all would be free: so both are."""
    own = [x509.IPAddress(ip_network(host))] if is_address(host) else [x509.IPAddress(NOWHERE), x509.DNSName(host)]
    return [*own, x509.DNSName(WRONG_NAME)]


def is_address(host: str) -> bool:
    """Rather than a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


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
