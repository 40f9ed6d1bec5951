"""SAFETY-006: no secret in anything that a user reads."""

import base64
import re
from functools import cache, lru_cache

from fake_servers.content_keys import base64url, content_key
from harness.checks.registry import Finding, check, failed, passed
from harness.status.text import in_every_language
from harness.status.wording import PASSWORD
from harness.trace.trace import Trace, status_of

OBSERVED = {"key": "the key of a license", "credential": "what reads like one"}


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
    given = trace.head.scenario.given
    keys = _spellings((given.content, *given.licenses, *(given.backup or ())))
    shown = [
        (entry, field, text)
        for entry in trace.statuses
        for field, text in (("text", status_of(entry).text), ("url", status_of(entry).url or ""))
    ]
    if not _secret("\n".join(text for _, _, text in shown), keys):  # there hardly ever is one, so look at all at once
        return passed()
    for entry, field, text in shown:
        if secret := _secret(text, keys):
            return failed(f"no {secret} in {field}", OBSERVED[secret], entry)
    return passed()


def _secret(text: str, keys: tuple[tuple[str, bool], ...]) -> str:
    """Which kind of secret is in it; empty if none."""
    lower = text.lower()
    if any(key in (lower if is_hex else text) for key, is_hex in keys):
        return "key"
    telling, credential = _credential()
    return "credential" if any(word in lower for word in telling) and credential.search(text) else ""


@cache
def _credential() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """What reads like a credential, in whatever language, and the words of which one is in it."""
    passwords = tuple(dict.fromkeys(["passwd", *in_every_language("check password", PASSWORD)]))
    named = "|".join(map(re.escape, passwords))
    pattern = rf"authorization:\s*\S|bearer\s+(?=\S*\d)\S{{8,}}|(?:{named})\s*[=:]\s*\S|://[^/\s:@]+:[^/\s@]+@"
    return ("authorization", "bearer", "://", *(word.lower() for word in passwords)), re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=64)
def _spellings(contents: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """The key of each content in each spelling, and whether that is hex."""
    found: list[tuple[str, bool]] = []
    for key in map(content_key, dict.fromkeys(contents)):
        base64_text = base64.b64encode(key).decode("ascii").rstrip("=")
        found += [(key.hex(), True), (base64url(key), False), (base64_text, False)]
    return tuple(found)
