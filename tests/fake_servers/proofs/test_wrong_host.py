"""wrong_host: the certificate is somebody else's."""

import ssl

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without

MISMATCH = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH


@with_or_without
def test_a_client_that_verifies_finds_another_name_in_the_certificate(with_fault: bool) -> None:
    with serving(*[early_line("wrong_host")] if with_fault else (), tls=True) as served:
        if with_fault:
            with pytest.raises(ssl.SSLCertVerificationError) as refused:
                ask_clearkey(served)
            assert refused.value.verify_code in MISMATCH
        assert ask_clearkey(served).status == 200
