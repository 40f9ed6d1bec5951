"""What the RETRY checks must say of literal traces."""

from tests.harness.checks.case import case
from tests.harness.checks.trace_builder import (
    Word,
    answers,
    asks,
    breaks,
    claims,
    closes,
    connects_into,
    ends,
    fires,
    goes_silent,
    is_refused,
    listens,
    says,
)

GRANTED = ("asks license", "truth license_issued", "answers granted")
LOST = ("asks license", breaks())
BUSY = ("asks license", fires("retry_after"), answers("http", status=503, retry_after_s=5.0, headers={"Retry-After": "5"}))
BUSY_BY_DATE = ("asks license", fires("retry_after"),
                answers("http", status=503, retry_after_s=5.0,
                        headers={"retry-after": "Thu, 01 Jan 2026 00:00:05 GMT"}))  # fmt: skip
OFFERED = says("failed", reason="connection_lost", retryable=True)
TWO_TRIES = {"retry": {"attempts": 2, "base": "2 s", "jitter": 0}}
NO_PROMISE = {"retry": None}


def marked(*requests: tuple[str, str], field: str) -> tuple[Word, ...]:
    """A broken exchange for each (exchange, value), the value in ``field``."""
    return tuple(word for exchange, value in requests for word in (asks(exchange, connection=None, **{field: value}), breaks()))


CASES = [
    # ── RETRY-001: offered ──────────────────────────────────────────────────────────────────────────────────────────
    case("RETRY-001", "pass", "offered after a lost connection", "start", *LOST, OFFERED),
    case("RETRY-001", "pass", "nothing is said of retrying", "start", *LOST, says("failed", reason="connection_lost")),
    case("RETRY-001", "fail", "not offered after a lost connection", "start", *LOST, says("failed", retryable=False)),
    case("RETRY-001", "fail", "not offered where a port was closed", "start", is_refused(), says("failed", retryable=False)),
    case("RETRY-001", "n/a", "refused in the end, after a lost connection",
         "start", *LOST, "asks license", "answers denied", says("failed", retryable=False)),
    case("RETRY-001", "n/a", "nothing failed", "start", *GRANTED, "succeeded"),
    # ── RETRY-002: asks again ───────────────────────────────────────────────────────────────────────────────────────
    case("RETRY-002", "pass", "a second request", "start", *LOST, OFFERED, "retry", *LOST, OFFERED),
    case("RETRY-002", "pass", "a command line runs again",
         "start", *LOST, claims("failed", 56), "retry", *LOST, claims("failed", 56)),
    case("RETRY-002", "pass", "a connect that is refused", "start", *LOST, OFFERED, "retry", is_refused(), OFFERED),
    case("RETRY-002", "fail", "an error from memory", "start", *LOST, OFFERED, "retry", "retrying", OFFERED),
    case("RETRY-002", "fail", "nothing at all", "start", *LOST, OFFERED, "retry", "+60", ends("settled")),
    case("RETRY-002", "?", "the run ends", "start", *LOST, OFFERED, "retry", ends("interrupted")),
    case("RETRY-002", "?", "no port was open", listens(False), "start", OFFERED, "retry", OFFERED, network="loopback"),
    case("RETRY-002", "n/a", "the user pressed twice, and did not wait",
         "start", *LOST, OFFERED, "retry", "retry", *LOST, OFFERED),
    case("RETRY-002", "n/a", "no retry was on offer", "start", *LOST, says("failed", retryable=False), "retry", OFFERED),
    case("RETRY-002", "n/a", "the device itself cannot do it",
         "start", says("failed", reason="not_supported"), "retry", says("failed", reason="not_supported")),
    case("RETRY-002", "n/a", "the user cancelled the retry too", "start", *LOST, OFFERED, "retry", "cancel", "cancelled"),
    case("RETRY-002", "n/a", "a backup into a folder", "start", "failed", "retry", "failed", operation="license_backup"),
    # ── RETRY-003: a clean try succeeds ─────────────────────────────────────────────────────────────────────────────
    case("RETRY-003", "pass", "lost, then granted", "start", *LOST, OFFERED, "retry", *GRANTED, "succeeded"),
    case("RETRY-003", "fail", "granted, and failed all the same", "start", *LOST, OFFERED, "retry", *GRANTED, OFFERED),
    case("RETRY-003", "fail", "granted, and then nothing", "start", *LOST, OFFERED, "retry", *GRANTED, "+60", ends("settled")),
    case("RETRY-003", "?", "granted, and the run ends", "start", *LOST, OFFERED, "retry", *GRANTED, ends("limit")),
    case("RETRY-003", "n/a", "another fault in the retry",
         "start", *LOST, OFFERED, "retry", *LOST, *GRANTED, OFFERED),
    case("RETRY-003", "n/a", "cancelled when it was granted",
         "start", *LOST, OFFERED, "retry", *GRANTED, "cancel", "cancelled"),
    case("RETRY-003", "n/a", "no retry", "start", *GRANTED, "succeeded"),
    # ── RETRY-004: refusal not retried ──────────────────────────────────────────────────────────────────────────────
    case("RETRY-004", "pass", "refused once", "start", "asks license", "answers denied", "failed"),
    case("RETRY-004", "fail", "refused, asked again", "start", "asks license", "answers denied", *LOST, "failed"),
    case("RETRY-004", "fail", "status 403, asked again",
         "start", "asks license", fires("status", presents_as="request refused"), answers("http", status=403), *GRANTED),
    case("RETRY-004", "fail", "the day's quota is used up",
         "start", "asks individualization", "answers quota_used_up", "asks individualization", operation="individualization"),
    case("RETRY-004", "pass", "the user may ask again",
         "start", "asks license", "answers denied", "failed", "retry", "asks license", "answers denied", "failed"),
    case("RETRY-004", "n/a", "status 408 blames the moment", "start", "asks license", answers("http", status=408), *GRANTED),
    case("RETRY-004", "n/a", "the refusal never arrived", "start", "asks license", breaks(answer="denied"), *GRANTED),
    case("RETRY-004", "n/a", "another step first",
         "start", "asks license", "answers needs_individualization", "asks individualization", *GRANTED),
    # ── RETRY-005: attempts bounded ─────────────────────────────────────────────────────────────────────────────────
    case("RETRY-005", "pass", "as many as promised", "start", *LOST, *LOST, "failed", profile=TWO_TRIES),
    case("RETRY-005", "pass", "as many again in the user's round",
         "start", *LOST, *LOST, "failed", "retry", *LOST, *LOST, "failed", profile=TWO_TRIES),
    case("RETRY-005", "pass", "an individualization in between", "start", "asks license", "answers needs_individualization",
         "asks individualization", "answers individualized", *LOST, *GRANTED, "succeeded", profile=TWO_TRIES),
    case("RETRY-005", "pass", "any number of looks", "start", "asks license", "answers page_required",
         *["asks monitor", "answers page_pending"] * 5, "asks monitor", "answers granted", profile=TWO_TRIES),
    case("RETRY-005", "fail", "one more than promised", "start", *LOST, *LOST, *LOST, "failed", profile=TWO_TRIES),
    case("RETRY-005", "fail", "connects count where they can be seen",
         "start", is_refused(), is_refused(), is_refused(), "failed", profile=TWO_TRIES),
    case("RETRY-005", "pass", "connects do not count on real sockets", "start", *[connects_into("unknown_ca")] * 3, *LOST,
         network="loopback", profile=TWO_TRIES),
    case("RETRY-005", "n/a", "no attempt", "start", "failed", profile=TWO_TRIES),
    # ── RETRY-006: not too soon ─────────────────────────────────────────────────────────────────────────────────────
    case("RETRY-006", "pass", "after the promised pause", "start", *LOST, "+2", *LOST, "failed", profile=TWO_TRIES),
    case("RETRY-006", "fail", "at once", "start", *LOST, *LOST, "failed", profile=TWO_TRIES),
    case("RETRY-006", "fail", "the second pause must be longer", "start", *LOST, "+2", *LOST, "+2", *LOST,
         profile={"retry": {"base": "2 s", "jitter": 0}}),
    case("RETRY-006", "pass", "thirty milliseconds are forgiven on real sockets",
         "start", *LOST, "+1.965", *LOST, network="loopback", profile=TWO_TRIES),
    case("RETRY-006", "fail", "not so in virtual time", "start", *LOST, "+1.965", *LOST, profile=TWO_TRIES),
    case("RETRY-006", "pass", "counted from giving up a silent service",
         "start", "asks license", goes_silent, "+2", *LOST, profile=TWO_TRIES),
    case("RETRY-006", "n/a", "the user acted in between", "start", *LOST, "consent", *LOST, profile=TWO_TRIES),
    case("RETRY-006", "n/a", "a user's retry needs no pause", "start", *LOST, OFFERED, "retry", *LOST, profile=TWO_TRIES),
    # ── RETRY-007: Retry-After ──────────────────────────────────────────────────────────────────────────────────────
    case("RETRY-007", "pass", "five seconds, and a bit", "start", *BUSY, "+5", *GRANTED, "succeeded"),
    case("RETRY-007", "fail", "after three seconds", "start", *BUSY, "+3", *GRANTED, "succeeded"),
    case("RETRY-007", "pass", "a date has a grain of a second", "start", *BUSY_BY_DATE, "+4.5", *GRANTED, "succeeded"),
    case("RETRY-007", "fail", "seconds have none", "start", *BUSY, "+4.5", *GRANTED, "succeeded"),
    case("RETRY-007", "fail", "long before the date", "start", *BUSY_BY_DATE, "+2", *GRANTED, "succeeded"),
    case("RETRY-007", "pass", "failing is as good", "start", *BUSY, "failed"),
    case("RETRY-007", "pass", "the user may come back at once", "start", *BUSY, "failed", "retry", *GRANTED, "succeeded"),
    case("RETRY-007", "n/a", "nobody asked for it", "start", *LOST, *GRANTED, "succeeded"),
    case("RETRY-007", "n/a", "the profile does not promise it",
         "start", *BUSY, *GRANTED, profile={"retry": {"honours_retry_after": False}}),
    case("RETRY-007", "fail", "a profile without any promise is held to the standard",
         "start", *BUSY, *GRANTED, profile=NO_PROMISE),
    # ── RETRY-008: no overlap ───────────────────────────────────────────────────────────────────────────────────────
    case("RETRY-008", "pass", "one after the other", "start", *LOST, *GRANTED, "succeeded"),
    case("RETRY-008", "pass", "given up, then again", "start", "asks license", goes_silent, *GRANTED, "succeeded"),
    case("RETRY-008", "fail", "the first is still under way", "start", "asks license", "+10", *GRANTED, "succeeded"),
    case("RETRY-008", "fail", "the first fell silent and is still open",
         "start", "asks license", fires("stall_after"), answers("granted", complete=False), "+10", *GRANTED, "succeeded"),
    case("RETRY-008", "fail", "left open by a cancel", "start", "asks license", "cancel", "cancelled", "retry", *GRANTED),
    case("RETRY-008", "n/a", "one request", "start", *GRANTED, "succeeded"),
    # ── RETRY-009: quiet after the end ──────────────────────────────────────────────────────────────────────────────
    case("RETRY-009", "pass", "quiet", "start", *LOST, "failed", "+60", ends("settled")),
    case("RETRY-009", "fail", "a request after it failed", "start", *LOST, "failed", "+1", *GRANTED),
    case("RETRY-009", "fail", "a request after the cancel", "start", *LOST, "cancel", "+1", *LOST, "cancelled"),
    case("RETRY-009", "pass", "the user's retry ends the quiet", "start", *LOST, "failed", "retry", *GRANTED, "succeeded"),
    case("RETRY-009", "pass", "an acknowledgement is owed in spite of a cancel",
         "start", "asks acknowledgement", breaks(answer="acknowledged"), "cancel", "+1",
         "asks acknowledgement", "answers acknowledged", "succeeded", operation="license_revocation"),
    case("RETRY-009", "fail", "but not after a settling status", "start", "failed", "+1", "asks acknowledgement",
         operation="license_revocation"),
    case("RETRY-009", "n/a", "no end and no cancel", "start", *LOST, ends("limit")),
    # ── RETRY-010: marked ───────────────────────────────────────────────────────────────────────────────────────────
    case("RETRY-010", "pass", "a fresh nonce each time", "start", *marked(("license", "a"), ("license", "b"), field="nonce")),
    case("RETRY-010", "fail", "the same nonce twice", "start", *marked(("license", "a"), ("license", "a"), field="nonce")),
    case("RETRY-010", "fail", "even in another round",
         "start", *marked(("license", "a"), field="nonce"), OFFERED, "retry", *marked(("license", "a"), field="nonce")),
    case("RETRY-010", "pass", "the same key again", "start",
         *marked(("restore", "a"), ("restore", "a"), field="idempotency_key"), operation="license_restore"),
    case("RETRY-010", "fail", "another key", "start",
         *marked(("restore", "a"), ("restore", "b"), field="idempotency_key"), operation="license_restore"),
    case("RETRY-010", "n/a", "a user's retry is another wish", "start", *marked(("restore", "a"), field="idempotency_key"),
         OFFERED, "retry", *marked(("restore", "b"), field="idempotency_key"), operation="license_restore"),
    case("RETRY-010", "n/a", "Clear Key has neither", "start", *LOST, *LOST, claims("failed", 22), dialect="clearkey"),
    # ── RETRY-011: nothing left open ────────────────────────────────────────────────────────────────────────────────
    case("RETRY-011", "pass", "all closed", "start", *LOST, "failed"),
    case("RETRY-011", "pass", "an idle connection, closed in the end",
         "start", *GRANTED, "succeeded", "+30", closes(is_answered=True)),
    case("RETRY-011", "fail", "a request outlives the end", "start", "asks license", "failed", "+60", closes()),
    case("RETRY-011", "fail", "a connection outlives the run",
         "start", *GRANTED, "succeeded", ends("settled", open_connections=1)),
    case("RETRY-011", "n/a", "nothing settled", "start", "asks license", ends("limit")),
    # ── RETRY-012: hot loop ─────────────────────────────────────────────────────────────────────────────────────────
    case("RETRY-012", "pass", "ten within a second", "start", *["asks license", "answers maintenance"] * 10),
    case("RETRY-012", "fail", "eleven within a second", "start", *["asks license", "answers maintenance"] * 11),
    case("RETRY-012", "pass", "eleven in eleven seconds", "start", *["+1", "asks license", "answers maintenance"] * 11),
    case("RETRY-012", "n/a", "none", "start", "failed"),
    # ── RETRY-013: not too late ─────────────────────────────────────────────────────────────────────────────────────
    case("RETRY-013", "pass", "just then", "start", *LOST, "+1.97", *LOST, profile=TWO_TRIES),
    case("RETRY-013", "fail", "ten seconds later", "start", *LOST, "+12", *LOST, profile=TWO_TRIES),
    case("RETRY-013", "pass", "a connect that broke before is a failure too",
         "start", is_refused(), *LOST, "+3.97", *LOST, profile={"retry": {"base": "2 s", "jitter": 0}}),
    case("RETRY-013", "n/a", "the service asked for it", "start", *BUSY, "+12", *LOST, profile=TWO_TRIES),
    case("RETRY-013", "n/a", "on real sockets", "start", *LOST, "+12", *LOST, profile=TWO_TRIES, network="loopback"),
]  # fmt: skip
