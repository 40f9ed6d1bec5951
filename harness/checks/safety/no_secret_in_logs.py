"""SAFETY-007: no key and no credential in what a client prints."""

from harness.checks.registry import Finding, check, failed, passed
from harness.checks.secrets_shown import OBSERVED, secret_in, spellings
from harness.trace.entry import ClientNoted
from harness.trace.trace import Trace


@check(
    "SAFETY-007",
    title="No key and no credential in what a client prints",
    source="CWE-532: insertion of sensitive information into a log",
    needs={"outcome"},
)
def no_secret_in_logs(trace: Trace) -> Finding:
    """Keep keys and credentials out of your log: stderr, lines between messages, what an exception says.

    Logs are sent to a support desk, kept for years, and read by many. Looked for are the test keys of the run's contents in hex
    and in both forms of base64, and what reads like a password or a bearer token. This is the only rule that reads what a
    client prints; nothing else that it says there counts, for or against it.
    """
    keys = spellings(trace)
    for entry, note in trace.of(ClientNoted):
        if secret := secret_in(note.text, keys):
            return failed(f"no {secret} in {note.what}", OBSERVED[secret], entry)
    return passed()
