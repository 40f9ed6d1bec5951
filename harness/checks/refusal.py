"""What is a refusal for good: the same request, repeated, is refused again."""

from __future__ import annotations

from fake_servers.services.decision import Answer
from harness.checks.exchanged import was_read
from harness.trace.trace import Exchanged

REFUSALS = frozenset(
    {
        Answer.CLIENT_TOO_OLD,
        Answer.DENIED,
        Answer.DEVICE_REVOKED,
        Answer.QUOTA_USED_UP,
        Answer.RESTORE_LIMIT,
        Answer.NOTHING_TO_RESTORE,
        Answer.BACKUP_CORRUPT,
        Answer.MALFORMED,
    }
)

NOT_NOW = frozenset({408, 425, 429})
"""They blame the moment, not the request (RFC 9110, 15.5.9; RFC 8470, 5.2; RFC 6585, 4)."""


def is_refusal(exchanged: Exchanged) -> bool:
    """Whether the service, or a front end before it, refused the request for good, and the client has read that."""
    answered = exchanged.answered
    if answered is None or not was_read(exchanged):
        return False
    if answered.answer == "http":
        return answered.status is not None and 400 <= answered.status < 500 and answered.status not in NOT_NOW
    return answered.answer in REFUSALS
