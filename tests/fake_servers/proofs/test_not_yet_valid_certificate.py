"""not_yet_valid_certificate: the certificate's time has not come."""

import ssl

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without

NOT_YET_VALID = 9  # X509_V_ERR_CERT_NOT_YET_VALID


@with_or_without
def test_a_client_that_verifies_is_told_why_by_its_own_tls(with_fault: bool) -> None:
    with serving(*[early_line("not_yet_valid_certificate")] if with_fault else (), tls=True) as served:
        if with_fault:
            with pytest.raises(ssl.SSLCertVerificationError) as refused:
                ask_clearkey(served)
            assert refused.value.verify_code == NOT_YET_VALID
        assert ask_clearkey(served).status == 200
