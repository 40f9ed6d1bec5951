"""What trouble must never do to a device, its user or its secrets."""

# Registered in the order of their ids, which is the order of every report.
# isort: off
from harness.checks.safety import tls_never_bypassed
from harness.checks.safety import redirects_bounded
from harness.checks.safety import body_bounded
from harness.checks.safety import rights_unchanged
from harness.checks.safety import trouble_is_survived
from harness.checks.safety import no_secret_in_text
from harness.checks.safety import no_secret_in_logs

# isort: on

__all__ = [
    "body_bounded",
    "no_secret_in_logs",
    "no_secret_in_text",
    "redirects_bounded",
    "rights_unchanged",
    "tls_never_bypassed",
    "trouble_is_survived",
]
