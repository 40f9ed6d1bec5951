"""The decisions a client takes, one method each. A flawed client is a correct one with one of them changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from random import Random

from fake_servers.content_keys import check_of
from fake_servers.dialects.base import BadReply, Dialect
from fake_servers.faults.base import Reply
from fake_servers.services.decision import Answer, Decision, Exchange, License
from harness.client.effects import Arrived, Broke
from harness.operations.retry import RetryPolicy
from harness.status.message import StatusMessage
from harness.status.reason import Reason

WORKED = frozenset(
    {
        Answer.INDIVIDUALIZED,
        Answer.GRANTED,
        Answer.PAGE_PENDING,
        Answer.REMOVAL_ORDERED,
        Answer.ACKNOWLEDGED,
        Answer.BACKUP_STORED,
        Answer.RESTORED,
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An attempt that did not work.

    Attributes:
        reason: What went wrong.
        retry_after_s: What the service asked for, in seconds from the reply.
        url: Where the service sends the user instead.
    """

    reason: Reason
    retry_after_s: float | None = None
    url: str = ""


class Decisions:
    """What a correct client decides."""

    verify_tls = True
    largest_body = 1_000_000
    most_redirects = 5  # as androidx/media follows for a POST
    side_trips = 1
    look_every_s = 5.0
    page_patience_s = 600.0

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(
        self,
        dialect: Dialect,
        exchange: Exchange,
        event: Arrived | Broke,
        asked: tuple[str, ...],
        epoch_s: float,
    ) -> Decision | Trouble:
        """What an attempt came to: the service's favourable decision, or what went wrong."""
        if isinstance(event, Broke):
            return Trouble(event.reason)
        reply = event.reply
        if trouble := self.http_trouble(reply, epoch_s):
            return trouble
        try:
            decision = dialect.decode_reply(exchange, reply, asked)
        except BadReply:
            return Trouble(Reason.UNREADABLE_REPLY if reply.status < 300 else Reason.REQUEST_REFUSED)
        if decision.answer in WORKED:
            return decision
        return Trouble(REASON_OF_ANSWER[decision.answer], url=decision.url)

    def answers_this(self, decision: Decision, nonce: str) -> bool:
        """Whether it is the reply to the request with this nonce, and not to another one. A wire may have no nonces."""
        return decision.nonce in ("", nonce)

    def http_trouble(self, reply: Reply, epoch_s: float) -> Trouble | None:
        """What the HTTP status alone says; None where the dialect has the word."""
        if reply.status == 429:
            return Trouble(Reason.RATE_LIMITED, self.retry_after_s(reply, epoch_s))
        if reply.status >= 500 or reply.status in (408, 425):
            return Trouble(Reason.SERVICE_UNAVAILABLE, self.retry_after_s(reply, epoch_s))
        if 300 <= reply.status < 400:
            return Trouble(Reason.TOO_MANY_REDIRECTS)
        return None

    def retry_after_s(self, reply: Reply, epoch_s: float) -> float | None:
        """Retry-After in seconds from now, in either form (RFC 9110, 10.2.3); junk counts as absent."""
        text = next((value for name, value in reply.headers.items() if name.lower() == "retry-after"), "").strip()
        if text.isdecimal():
            return float(text)
        if not text:
            return None
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - epoch_s)
        except ValueError:
            return None

    def opens_content(self, license_: License, content: str, check: str, epoch_s: float) -> Reason | None:
        """Why a license that arrived cannot be used; None if it can. ``check`` is what the content's header carries."""
        if license_.expires_epoch_s is not None and license_.expires_epoch_s <= epoch_s:
            return Reason.LICENSE_EXPIRED
        if license_.begins_epoch_s is not None and license_.begins_epoch_s > epoch_s:
            return Reason.LICENSE_NOT_YET_VALID
        if license_.content != content or check_of(license_.key) != check:
            return Reason.LICENSE_UNUSABLE
        return None

    # ── trying again ─────────────────────────────────────────────────────────────────────────────────────────────────

    def retries(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, elapsed_s: float) -> bool:
        """Whether another attempt follows by itself; it would begin so many seconds after its round (``elapsed_s``)."""
        too_long = policy.honours_retry_after and (trouble.retry_after_s or 0.0) > policy.longest_wait
        return (
            trouble.reason in policy.reasons
            and failed_attempts < policy.attempts
            and elapsed_s <= policy.deadline
            and not too_long
        )

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        """How long to wait before it."""
        return policy.pause_s(failed_attempts, trouble.retry_after_s, rng)

    def attempt_timeout_s(self, policy: RetryPolicy) -> float:
        """When one attempt is given up."""
        return policy.attempt_timeout

    def offers_retry(self, reason: Reason) -> bool:
        """Whether the user is offered to try again."""
        return reason.retryable

    # ── naming requests ──────────────────────────────────────────────────────────────────────────────────────────────

    def nonce(self, rng: Random) -> str:
        """A name for one request, never used again."""
        return rng.randbytes(16).hex()

    def idempotency_key(self, known: str | None, rng: Random) -> str:
        """A name for one intent, the same for each repetition; ``known`` is the one used so far."""
        return known or rng.randbytes(16).hex()

    def computer(self, computer: str, rng: Random) -> str:
        """The computer's identity, for a restore."""
        return computer

    # ── the user ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def is_possible(self, supported: bool) -> bool:
        """Whether the operation is begun at all; ``supported`` is what the platform says of it."""
        return supported

    def asks_consent(self, given_before: bool) -> bool:
        """Whether the user is asked before the device is individualized."""
        return not given_before

    def trusts_url(self, url_trust: str, confirmed: bool) -> bool:
        """Whether the license URL is used without asking. Anything but a valid signature needs the user's word."""
        return url_trust == "trusted" or confirmed

    def heeds_cancel(self) -> bool:
        """Whether a cancel stops what can be stopped."""
        return True

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        """The messages that the user gets for one step."""
        return (status,)

    # ── storing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def acknowledges(self) -> bool:
        """Whether the service is told of a removal before the operation counts as done."""
        return True

    def names_restricted(self) -> bool:
        """Whether licenses that may not be backed up are left out and named."""
        return True


REASON_OF_ANSWER: dict[Answer, Reason] = {
    Answer.NEEDS_INDIVIDUALIZATION: Reason.NEEDS_INDIVIDUALIZATION,
    Answer.PAGE_REQUIRED: Reason.INTERACTION_REQUIRED,
    Answer.CLIENT_TOO_OLD: Reason.CLIENT_TOO_OLD,
    Answer.DENIED: Reason.LICENSE_DENIED,
    Answer.DEVICE_REVOKED: Reason.DEVICE_REVOKED,
    Answer.LICENSE_EXPIRED: Reason.LICENSE_EXPIRED,
    Answer.STALE_NONCE: Reason.REPLAYED_REQUEST,
    Answer.QUOTA_USED_UP: Reason.QUOTA_USED_UP,
    Answer.RESTORE_LIMIT: Reason.RESTORE_LIMIT,
    Answer.NOTHING_TO_RESTORE: Reason.NOTHING_TO_RESTORE,
    Answer.BACKUP_CORRUPT: Reason.BACKUP_CORRUPT,
    Answer.TOO_MANY_RESETS: Reason.TOO_MANY_RESETS,
    Answer.MAINTENANCE: Reason.MAINTENANCE,
    Answer.MALFORMED: Reason.REQUEST_REFUSED,
}
