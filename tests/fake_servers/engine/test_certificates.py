"""The stored certificates: good whatever the date, and bad in one way each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from fake_servers.engine.certificates import ADDRESSES, FOLDER, HOSTS, NAMES, WRONG_NAME, __main__
from fake_servers.engine.tls import process_authority
from fake_servers.errors import ListenError

SERVERS = ("good", "renewed", "expired", "not_yet_valid", "wrong_host", "unknown_ca", "broken_chain")
TRUSTED = ("good", "renewed")
IN_2026, IN_2119 = datetime(2026, 6, 1, tzinfo=UTC), datetime(2119, 6, 1, tzinfo=UTC)


def certificate(file: str, folder: Path = FOLDER) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / f"{file}.pem").read_bytes())


def is_trusted(file: str, at: datetime, folder: Path = FOLDER) -> bool:
    """Whether who trusts the authority takes the server for localhost on this day."""
    policy = PolicyBuilder().store(Store([certificate("ca", folder)])).time(at)
    try:
        policy.build_server_verifier(x509.DNSName("localhost")).verify(certificate(file, folder), [])
    except VerificationError:
        return False
    return True


@pytest.mark.parametrize("file", SERVERS)
@pytest.mark.parametrize("at", [IN_2026, datetime(2109, 6, 1, tzinfo=UTC)])
def test_only_the_good_ones_are_trusted_and_for_a_hundred_years(file: str, at: datetime) -> None:
    assert is_trusted(file, at) is (file in TRUSTED)


def test_the_one_that_is_not_valid_yet_will_be_good_from_2110_on() -> None:
    assert not is_trusted("not_yet_valid", datetime(2109, 12, 31, tzinfo=UTC))
    assert is_trusted("not_yet_valid", IN_2119)


def test_the_renewed_one_has_another_key() -> None:
    assert certificate("renewed").public_key() != certificate("good").public_key()


def test_the_broken_chain_lacks_the_authority_in_between() -> None:
    assert certificate("broken_chain").issuer != certificate("ca").subject
    assert (FOLDER / "broken_chain.pem").read_bytes().count(b"BEGIN CERTIFICATE") == 1


def test_the_expired_one_was_good_until_2021() -> None:
    assert is_trusted("expired", datetime(2020, 12, 31, tzinfo=UTC))
    assert not is_trusted("expired", datetime(2021, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize("file", [file for file in SERVERS if file != "wrong_host"])
def test_all_others_name_the_hosts_of_both_networks(file: str) -> None:
    named = certificate(file).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(address) for address in named.get_values_for_type(x509.IPAddress)] == list(ADDRESSES)
    assert named.get_values_for_type(x509.DNSName) == list(NAMES)


def test_the_wrong_one_names_a_host_that_cannot_be() -> None:
    named = certificate("wrong_host").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert named.get_values_for_type(x509.DNSName) == [WRONG_NAME]
    assert WRONG_NAME not in HOSTS


@pytest.mark.parametrize("file", SERVERS)
def test_each_key_is_rsa_of_2048_bits_and_says_that_it_is_for_tests_only(file: str) -> None:
    text = (FOLDER / f"{file}.pem").read_bytes()
    key = load_pem_private_key(text, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048
    assert key.public_key() == certificate(file).public_key()
    assert text.startswith(b"# TEST ONLY")


def test_the_authoritys_key_is_kept_nowhere() -> None:
    assert b"PRIVATE" not in (FOLDER / "ca.pem").read_bytes()


def test_the_script_makes_them_all_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(__main__, "FOLDER", tmp_path)
    __main__.main()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in FOLDER.glob("*.pem"))
    assert [is_trusted(file, IN_2026, tmp_path) for file in SERVERS] == [file in TRUSTED for file in SERVERS]
    assert certificate("good", tmp_path).public_key() != certificate("good").public_key()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "10.0.0.1", "LOCALHOST", "s-17.localhost"])
def test_a_host_that_the_good_certificate_names_has_a_context(host: str) -> None:
    assert process_authority().context(None, host) is process_authority().context(None, "localhost")


@pytest.mark.parametrize("host", ["127.0.0.2", "license.test", "a.b.localhost", "1.0.0.1"])
def test_any_other_host_is_told_where_tls_can_be_had(host: str) -> None:
    with pytest.raises(ListenError, match=f"there is no certificate for {host}: services that speak TLS are at 127"):
        process_authority().context(None, host)
