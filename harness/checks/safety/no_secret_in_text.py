"""SAFETY-006: no secret in anything that a user reads."""

from harness.checks.registry import Finding, check, failed, passed
from harness.checks.secrets_shown import OBSERVED, secret_in, spellings
from harness.trace.trace import Trace, status_of


@check(
    "SAFETY-006",
    title="No key and no credential in anything that a user reads",
    source="CWE-532: insertion of sensitive information into a log",
    needs={"status"},
)
def no_secret_in_text(trace: Trace) -> Finding:
    """Keep keys and credentials out of ``text`` and ``url``: users copy them into forums and bug reports.

    Looked for are the test keys of the run's contents, in hex and in both forms of base64, and what reads like a password or a
    bearer token. Key ids are no secret.
    """
    keys = spellings(trace)
    shown = [
        (entry, field, text)
        for entry in trace.statuses
        for field, text in (("text", status_of(entry).text), ("url", status_of(entry).url or ""))
    ]
    if not secret_in("\n".join(text for _, _, text in shown), keys):  # there hardly ever is one, so look at all at once
        return passed()
    for entry, field, text in shown:
        if secret := secret_in(text, keys):
            return failed(f"no {secret} in {field}", OBSERVED[secret], entry)
    return passed()
