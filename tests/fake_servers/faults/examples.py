"""Each fault as a scenario would write it, at least once for each thing that it can present as.

The reference of the documentation is made from these, and the tests that go over all faults use them.
"""

from typing import Any

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.faults.base import FAULTS, Fault

EXAMPLES: dict[str, tuple[dict[str, Any], ...]] = {
    # connect
    "accept_silence": ({},),
    "refused": ({},),
    "reset_on_accept": ({},),
    # TLS
    "expired_certificate": ({},),
    "handshake_cut": ({},),
    "unknown_ca": ({},),
    "wrong_host": ({},),
    # bytes
    "delay": ({"delay": "800 ms", "jitter": "200 ms"}, {"delay": "2 min"}),
    "drip": ({"chunk": "10 bytes", "every": "50 ms"},),
    "fin_after": ({"after_bytes": "120 bytes"},),
    "flip_bits": ({"at_byte": "40 bytes", "count": 3},),
    "reply_lost": ({"how": "reset"}, {"how": "silence"}),
    "reset_after": ({"after_bytes": "120 bytes"},),
    "stall_after": ({"after_bytes": "120 bytes", "stall": "5 s"}, {"after_bytes": "0 bytes", "stall": "2 min"}),
    "truncate": ({"drop": "1 byte"},),
    # HTTP
    "captive_portal": ({},),
    "malformed_reply": ({"kind": "status_line"}, {"kind": "header"}),
    "missing_cors": ({},),
    "oversize_body": ({"size": "8 MB"},),
    "redirect_loop": ({"status": 307},),
    "retry_after": ({"status": 503, "retry_after": "30 s", "form": "date"}, {"status": 429, "retry_after": "2 s"}),
    "status": ({"status": 500}, {"status": 503}, {"status": 429}, {"status": 403}),
    "wrong_content_type": ({"content_type": "text/html"},),
    # service
    "denied": ({},),
    "expired": ({},),
    "maintenance": ({},),
    "needs_individualization": ({},),
    "restore_limit": ({},),
    "revoked": ({},),
    "wrong_key": ({},),
}

HOUSE = {name: cls for name, cls in FAULTS.items() if cls.__module__.startswith("fake_servers.")}
"""The faults of this project; others may have joined the registry."""


def examples_of(name: str) -> list[Fault]:
    """The example faults of one name.

    Raises:
        KeyError: The fault has no example; add one above.
    """
    return [FAULTS[name].model_validate(parameters) for parameters in EXAMPLES[name]]
