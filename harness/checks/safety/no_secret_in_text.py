"""SAFETY-006: no secret in anything that a user reads."""

import base64
import re
from collections.abc import Iterator

from fake_servers.content_keys import base64url, content_key
from harness.checks.registry import Finding, check, failed, passed
from harness.trace.trace import Trace, status_of

CREDENTIAL = re.compile(
    r"authorization:\s*\S|bearer\s+(?=\S*\d)\S{8,}|passw(?:or)?d\s*[=:]\s*\S|://[^/\s:@]+:[^/\s@]+@",
    re.IGNORECASE,
)


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
    keys = list(_spellings(trace))
    for entry in trace.statuses:
        status = status_of(entry)
        for field, shown in (("text", status.text), ("url", status.url or "")):
            if any(key in (shown.lower() if is_hex else shown) for key, is_hex in keys):
                return failed(f"no key in {field}", "the key of a license", entry)
            if CREDENTIAL.search(shown):
                return failed(f"no credential in {field}", "what reads like one", entry)
    return passed()


def _spellings(trace: Trace) -> Iterator[tuple[str, bool]]:
    """Each key in each spelling, and whether that is hex."""
    given = trace.head.scenario.given
    for content in dict.fromkeys((given.content, *given.licenses, *(given.backup or ()))):
        key = content_key(content)
        yield key.hex(), True
        yield base64url(key), False
        yield base64.b64encode(key).decode("ascii").rstrip("="), False
