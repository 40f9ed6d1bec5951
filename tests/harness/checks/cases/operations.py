"""What the checks of single operations, and of the scenario's own expectation, must say of literal traces."""

from harness.scenario.model import Expectation, Outcome
from harness.status.reason import Reason
from tests.harness.checks.case import case
from tests.harness.checks.trace_builder import (
    EVERYTHING,
    answers,
    asks,
    breaks,
    claims,
    ends,
    fires,
    holds,
    is_refused,
    says,
    truth,
)

GRANTED = ("asks license", "truth license_issued", "answers granted")
LOST = ("asks license", breaks())
DEMANDED = ("asks license", "answers needs_individualization")
UPGRADED = ("asks individualization", "truth individualized", "answers individualized")
ORDERED = ("asks revocation", "answers removal_ordered", "removing", "acknowledging")
HEARD = ("asks acknowledgement", "truth revocation_acknowledged", "answers acknowledged")
UNHEARD = ("asks acknowledgement", breaks(answer="acknowledged"))
UNTRUSTED = {"url_trust": "untrusted"}
ABSENT = {"supported": False}
INDIVIDUALIZATION = {"operation": "individualization"}
REVOCATION = {"operation": "license_revocation"}
RESTORE = {"operation": "license_restore"}
OVER_ANOTHER = {"operation": "license_backup", "given": {"licenses": ["film"], "backup": ["film"]}}
RESTRICTED = {"operation": "license_backup", "given": {"licenses": ["film", "song"], "restricted": ["song"]}}


def expecting(*outcomes: str, **rest: object) -> dict[str, Expectation]:
    """The option that sets what the scenario expects."""
    return {"expect": Expectation.model_validate({"outcome": tuple(Outcome(word) for word in outcomes), **rest})}


CASES = [
    # ── INDIV-001: consent ──────────────────────────────────────────────────────────────────────────────────────────
    case("INDIV-001", "pass", "the user agreed", "start", "consent_needed", "consent", *UPGRADED, **INDIVIDUALIZATION),
    case("INDIV-001", "fail", "nobody was asked", "start", *UPGRADED, **INDIVIDUALIZATION),
    case("INDIV-001", "fail", "asked, but not waited for",
         "start", "consent_needed", *UPGRADED, "consent", **INDIVIDUALIZATION),
    case("INDIV-001", "pass", "a consent holds for the retry",
         "start", "consent", "asks individualization", breaks(), "failed", "retry", *UPGRADED, **INDIVIDUALIZATION),
    case("INDIV-001", "fail", "a license service's demand is no consent", "start", *DEMANDED, *UPGRADED, *GRANTED),
    case("INDIV-001", "fail", "a consent to the address is none to individualization",
         "start", "consent", *DEMANDED, *UPGRADED, given=UNTRUSTED),
    case("INDIV-001", "pass", "two questions, two answers",
         "start", "consent", *DEMANDED, "consent", *UPGRADED, given=UNTRUSTED),
    case("INDIV-001", "pass", "a restore's consent beforehand",
         "start", *UPGRADED, settings={"individualize_consented": True}, **RESTORE),
    case("INDIV-001", "n/a", "nothing was individualized", "start", *GRANTED, "succeeded"),
    # ── INDIV-002: not supported ────────────────────────────────────────────────────────────────────────────────────
    case("INDIV-002", "pass", "said at once",
         "start", says("failed", reason="not_supported", retryable=False), settings=ABSENT),
    case("INDIV-002", "fail", "the network is blamed", "start", says("failed", reason="connection_lost"), settings=ABSENT),
    case("INDIV-002", "fail", "a retry is offered",
         "start", says("failed", reason="not_supported", retryable=True), settings=ABSENT),
    case("INDIV-002", "fail", "the service is asked",
         "start", "asks license", says("failed", reason="not_supported"), settings=ABSENT),
    case("INDIV-002", "fail", "nothing is said", "start", settings=ABSENT),
    case("INDIV-002", "n/a", "supported", "start", *GRANTED, "succeeded"),
    # ── ACQUIRE-001: ping-pong ──────────────────────────────────────────────────────────────────────────────────────
    case("ACQUIRE-001", "pass", "once", "start", *DEMANDED, *UPGRADED, *GRANTED, "succeeded"),
    case("ACQUIRE-001", "pass", "twice", "start", *[*DEMANDED, *UPGRADED] * 2, *DEMANDED, "failed"),
    case("ACQUIRE-001", "fail", "three times", "start", *[*DEMANDED, *UPGRADED] * 3, *DEMANDED, "failed"),
    case("ACQUIRE-001", "n/a", "never", "start", *GRANTED, "succeeded"),
    # ── ACQUIRE-002: resumes ────────────────────────────────────────────────────────────────────────────────────────
    case("ACQUIRE-002", "pass", "asked again", "start", *DEMANDED, *UPGRADED, *GRANTED, "succeeded"),
    case("ACQUIRE-002", "pass", "tried to", "start", *DEMANDED, *UPGRADED, is_refused(), "failed"),
    case("ACQUIRE-002", "fail", "left at that", "start", *DEMANDED, *UPGRADED, "failed"),
    case("ACQUIRE-002", "fail", "fell silent", "start", *DEMANDED, *UPGRADED, "+60", ends("settled")),
    case("ACQUIRE-002", "?", "the run ends", "start", *DEMANDED, *UPGRADED, ends("limit")),
    case("ACQUIRE-002", "n/a", "cancelled meanwhile", "start", *DEMANDED, *UPGRADED, "cancel", "cancelled"),
    case("ACQUIRE-002", "n/a", "the device could not store it",
         "start", *DEMANDED, *UPGRADED, says("failed", reason="storage_failed")),
    case("ACQUIRE-002", "n/a", "the component never arrived",
         "start", *DEMANDED, "asks individualization", breaks(answer="individualized"), "failed"),
    # ── ACQUIRE-003: doubtful URL ───────────────────────────────────────────────────────────────────────────────────
    case("ACQUIRE-003", "pass", "the user agreed", "start", "consent", *GRANTED, "succeeded", given=UNTRUSTED),
    case("ACQUIRE-003", "pass", "the user refused", "start", "refuse", "declined", given=UNTRUSTED),
    case("ACQUIRE-003", "fail", "used without asking", "start", *GRANTED, "succeeded", given=UNTRUSTED),
    case("ACQUIRE-003", "fail", "used before the answer", "start", "consent_needed", *GRANTED, "consent", given=UNTRUSTED),
    case("ACQUIRE-003", "n/a", "signed", "start", *GRANTED, "succeeded"),
    # ── ACQUIRE-004: page ───────────────────────────────────────────────────────────────────────────────────────────
    case("ACQUIRE-004", "pass", "visibly waiting",
         "start", "page_needed", *["+20", "monitoring"] * 5, "complete_page", "+20", "succeeded"),
    case("ACQUIRE-004", "pass", "given up", "start", "page_needed", "+20", "failed"),
    case("ACQUIRE-004", "fail", "silent for ever", "start", "page_needed", "monitoring", "+600", ends("limit")),
    case("ACQUIRE-004", "pass", "a client that only says how it ended, and ends",
         "start", "page_needed", "+600", "failed", profile={"phases": ["page_needed"]}),
    case("ACQUIRE-004", "fail", "such a client that never ends",
         "start", "page_needed", "+600", ends("limit"), profile={"phases": ["page_needed"]}),
    case("ACQUIRE-004", "fail", "silent while the user reads", "start", "page_needed", "+600", "complete_page", "succeeded"),
    case("ACQUIRE-004", "pass", "a look that failed, and an announced wait",
         "start", "page_needed", says("retry_scheduled", retry_in_s=60), "+65", "retrying", "failed"),
    case("ACQUIRE-004", "fail", "visibly waiting for ever",
         "start", "page_needed", *["+20", "monitoring"] * 100, ends("limit")),
    case("ACQUIRE-004", "pass", "the user comes back after a while, and again", "start", "page_needed",
         *["+20", "monitoring"] * 60, "complete_page", *["+20", "monitoring"] * 60, "succeeded"),
    case("ACQUIRE-004", "n/a", "silent acquisition", "start", *GRANTED, "succeeded"),
    # ── REVOKE-001: acknowledgement ─────────────────────────────────────────────────────────────────────────────────
    case("REVOKE-001", "pass", "heard", "start", *ORDERED, *HEARD, "succeeded", **REVOCATION),
    case("REVOKE-001", "pass", "lost, repeated, heard", "start", *ORDERED, *UNHEARD, *HEARD, "succeeded", **REVOCATION),
    case("REVOKE-001", "pass", "lost, and the user may retry",
         "start", *ORDERED, *UNHEARD, says("failed", retryable=True), **REVOCATION),
    case("REVOKE-001", "fail", "lost, and done all the same", "start", *ORDERED, *UNHEARD, "succeeded", **REVOCATION),
    case("REVOKE-001", "fail", "lost, and forgotten",
         "start", *ORDERED, *UNHEARD, says("failed", retryable=False), **REVOCATION),
    case("REVOKE-001", "fail", "a cancel drops it", "start", *ORDERED, "cancel", "cancelled", **REVOCATION),
    case("REVOKE-001", "pass", "refused for good", "start", *ORDERED, "asks acknowledgement", "answers denied",
         says("failed", retryable=False), **REVOCATION),
    case("REVOKE-001", "n/a", "nothing was removed", "start", "asks revocation", breaks(), "failed", **REVOCATION),
    # ── REVOKE-002: removed first ───────────────────────────────────────────────────────────────────────────────────
    case("REVOKE-002", "pass", "gone", holds("film", "song"), "start", *ORDERED, *HEARD, "succeeded", holds("song"),
         given={"licenses": ["film", "song"], "revoked": ["film"]}, **REVOCATION),
    case("REVOKE-002", "fail", "still there", holds("film"), "start", *ORDERED, *UNHEARD, "failed", holds("film"),
         given={"licenses": ["film"]}, **REVOCATION),
    case("REVOKE-002", "n/a", "the service was told nothing",
         holds("film"), "start", "failed", holds("film"), given={"licenses": ["film"]}, **REVOCATION),
    # ── BACKUP-001: restricted ──────────────────────────────────────────────────────────────────────────────────────
    case("BACKUP-001", "pass", "said on the way", "start", "backing_up", "license_skipped", "succeeded", **RESTRICTED),
    case("BACKUP-001", "pass", "said in the end", "start", says("succeeded", reason="licenses_restricted"), **RESTRICTED),
    case("BACKUP-001", "fail", "plain success", "start", "backing_up", "succeeded", **RESTRICTED),
    case("BACKUP-001", "n/a", "it failed", "start", "failed", **RESTRICTED),
    case("BACKUP-001", "n/a", "all may be backed up", "start", "succeeded", operation="license_backup"),
    # ── BACKUP-002: not over another ────────────────────────────────────────────────────────────────────────────────
    case("BACKUP-002", "pass", "the user agreed", "start", "overwrite_needed", "overwrite", "succeeded", **OVER_ANOTHER),
    case("BACKUP-002", "pass", "the user kept it", "start", "overwrite_needed", "keep", "declined", **OVER_ANOTHER),
    case("BACKUP-002", "pass", "agreed at the second try", "start", "overwrite_needed", "keep", "declined", "retry",
         "overwrite_needed", "overwrite", "asks backup", "answers backup_stored", "succeeded", **OVER_ANOTHER),
    case("BACKUP-002", "fail", "nobody was asked", "start", "backing_up", "succeeded", **OVER_ANOTHER),
    case("BACKUP-002", "fail", "the no is forgotten", "start", "overwrite_needed", "keep", "declined", "retry", "succeeded",
         **OVER_ANOTHER),
    case("BACKUP-002", "fail", "sent to the vault first", "start", "asks backup", "answers backup_stored", "overwrite_needed",
         "overwrite", "succeeded", **OVER_ANOTHER),
    case("BACKUP-002", "n/a", "nothing was there", "start", "succeeded", operation="license_backup"),
    case("BACKUP-002", "n/a", "agreed beforehand", "start", "succeeded", settings={"overwrite": True}, **OVER_ANOTHER),
    # ── RESTORE-001: one computer ───────────────────────────────────────────────────────────────────────────────────
    case("RESTORE-001", "pass", "the same name each time", "start", asks("restore", computer="a"), breaks(answer="restored"),
         asks("restore", computer="a"), truth("license_restored", restores=1), "answers restored", **RESTORE),
    case("RESTORE-001", "fail", "another name for the retry", "start", asks("restore", computer="a"),
         breaks(answer="restored"), "failed", "retry", asks("restore", computer="b"), "answers restored", **RESTORE),
    case("RESTORE-001", "fail", "counted twice", "start", asks("restore", computer="a"),
         truth("license_restored", restores=2), "answers restored", **RESTORE),
    case("RESTORE-001", "pass", "others had it before", "start", asks("restore", computer="a"),
         truth("license_restored", restores=2), "answers restored", given={"restored_to": ["z"]}, **RESTORE),
    case("RESTORE-001", "n/a", "no request", "start", "failed", **RESTORE),
    # ── RESTORE-002: individualize first ────────────────────────────────────────────────────────────────────────────
    case("RESTORE-002", "pass", "done first",
         "start", "asks restore", "answers needs_individualization", *UPGRADED, "asks restore", "answers restored", **RESTORE),
    case("RESTORE-002", "pass", "the user declined",
         "start", "asks restore", "answers needs_individualization", "refuse", "declined", **RESTORE),
    case("RESTORE-002", "fail", "asked again unchanged",
         "start", "asks restore", "answers needs_individualization", "asks restore", **RESTORE),
    case("RESTORE-002", "n/a", "not asked for", "start", "asks restore", "answers restored", "succeeded", **RESTORE),
    # ── RESTORE-003: blocked ────────────────────────────────────────────────────────────────────────────────────────
    case("RESTORE-003", "pass", "an address, no offer",
         "start", says("blocked", url="https://shop.example", retryable=False), **RESTORE),
    case("RESTORE-003", "fail", "no address", "start", says("blocked", retryable=False), **RESTORE),
    case("RESTORE-003", "fail", "an offer", "start", says("blocked", url="https://shop.example", retryable=True), **RESTORE),
    case("RESTORE-003", "n/a", "not blocked", "start", "failed", **RESTORE),
    # ── EXPECT-001: the scenario's own word ─────────────────────────────────────────────────────────────────────────
    case("EXPECT-001", "pass", "as expected", "start", *GRANTED, "succeeded"),
    case("EXPECT-001", "pass", "one of two ends", "start", "failed", **expecting("failed", "declined")),
    case("EXPECT-001", "pass", "only the last round counts", "start", "failed", "retry", "succeeded"),
    case("EXPECT-001", "pass", "a command line", "start", *GRANTED, claims("succeeded")),
    case("EXPECT-001", "fail", "another end", "start", "failed"),
    case("EXPECT-001", "fail", "no end", "start", "+60", ends("settled")),
    case("EXPECT-001", "fail", "it hung", "start", "started", "+900", ends("limit")),
    case("EXPECT-001", "?", "the run ends first", "start", "started", ends("limit")),
    case("EXPECT-001", "fail", "another reason", "start", says("failed", reason="unknown"),
         **expecting("failed", reasons=(Reason.LICENSE_DENIED,))),
    case("EXPECT-001", "pass", "no reason given", "start", "failed", **expecting("failed", reasons=(Reason.LICENSE_DENIED,))),
    case("EXPECT-001", "pass", "holds just that",
         "start", "succeeded", holds("film"), **expecting("succeeded", holds=("film",))),
    case("EXPECT-001", "fail", "holds nothing", "start", "succeeded", holds(), **expecting("succeeded", holds=("film",))),
    case("EXPECT-001", "fail", "holds more", "start", "failed", holds("film"), **expecting("failed", holds=())),
    case("EXPECT-001", "pass", "what it holds cannot be seen", "start", "succeeded", holds(),
         capabilities=EVERYTHING - {"rights"}, **expecting("succeeded", holds=("film",))),
    case("EXPECT-001", "pass", "as many requests as allowed", "start", *LOST, *GRANTED, "succeeded",
         **expecting("succeeded", requests={"license": 2})),
    case("EXPECT-001", "fail", "one too many", "start", *LOST, *LOST, *GRANTED, "succeeded",
         **expecting("succeeded", requests={"license": 2})),
    case("EXPECT-001", "fail", "none was allowed", "start", "asks license", fires("denied"), answers("denied"), "failed",
         **expecting("failed", requests={"license": 0})),
]  # fmt: skip
