"""Stored test certificates, and the keys to them. They are public: never let anything that matters trust them.

=====================  ===================================================================================
file                   what a client finds
=====================  ===================================================================================
``ca.pem``             the authority to trust; its own key is kept nowhere
``good.pem``           in order, for each of ``HOSTS``
``renewed.pem``        in order just like it, with another key
``expired.pem``        as good, until 2021
``not_yet_valid.pem``  as good, from 2110 on
``wrong_host.pem``     as good, for ``wrong.invalid``
``unknown_ca.pem``     in order, but from an authority that nobody knows
``broken_chain.pem``   in order, but from an authority between that one and the server, whose certificate is missing
=====================  ===================================================================================

All are valid from 2020 to 2120 unless said otherwise, so that the date of a run does not matter. Keys are RSA: such a
signature has the same length every time, so that two runs put the same number of bytes on the wire. To make them all anew:
``python -m fake_servers.engine.certificates`` (it needs the package ``cryptography``, a part of the extra ``test``).
"""

from pathlib import Path

FOLDER = Path(__file__).parent
CA_FILE = FOLDER / "ca.pem"

ADDRESSES = ("127.0.0.1", "::1", "10.0.0.1")
NAMES = ("localhost", "*.localhost", "*.services.test")
HOSTS = (*ADDRESSES, *NAMES)
"""Whom the good certificate is good for: this machine, the server of the simulated network, and names that DNS faults need."""

WRONG_NAME = "wrong.invalid"  # RFC 6761, 6.4: no host can have it
