"""Every flawed client, the check that names its bug, and what else fails as a true consequence.

A mutant is the reference client with one decision changed; its module's docstring says which. ``caught_by`` and ``and_by``
together are *exactly* the checks that fail somewhere in the scenario library: one more would be an accusation without ground,
one fewer a bug that has gone unseen. ``tests/suite`` holds both against every scenario, and ``docs/mutants.md`` shows them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from harness.adapters.protocol import ClientUnderTest


@dataclass(frozen=True, slots=True)
class Mutant:
    """One seeded bug.

    Attributes:
        name: Its module in this folder.
        caught_by: The check that names the bug.
        and_by: Checks that fail because of what the bug leads to.
        because: What it leads to; empty if nothing else fails.
        needs: The particular events that it takes to show; empty if a single fault, or none, is enough.
    """

    name: str
    caught_by: str
    and_by: tuple[str, ...] = ()
    because: str = ""
    needs: tuple[str, ...] = ()

    @property
    def caught(self) -> frozenset[str]:
        """All checks that fail."""
        return frozenset({self.caught_by, *self.and_by})

    @property
    def bug(self) -> str:
        """What it does wrong, in one line: its module's docstring."""
        return (self._module.__doc__ or "").strip()

    @property
    def client(self) -> Callable[[], ClientUnderTest]:
        """Makes one."""
        made: Callable[[], ClientUnderTest] = self._module.Client
        return made

    @property
    def _module(self) -> ModuleType:
        return importlib.import_module(f"tests.flawed_clients.{self.name}")


# fmt: off
MUTANTS = (
    # ── what the user is told ────────────────────────────────────────────────────────────────────────────────────────
    Mutant("late_first_word",               "STATUS-001"),
    Mutant("installing_said_too_early",     "STATUS-002"),
    Mutant("two_settling_statuses",         "STATUS-003", ("STATUS-002",), "nothing may follow an end"),
    Mutant("success_on_captive_portal",     "STATUS-004"),
    Mutant("replay_accepted",               "STATUS-004"),
    Mutant("wrong_key_accepted",            "STATUS-004", ("EXPECT-001",), "a film is called playable that is not"),
    Mutant("network_blamed",                "STATUS-005", ("EXPECT-001",), "the reason is none of those that are true"),
    Mutant("minute_of_silence",             "STATUS-006", ("RETRY-015",), "no attempt is given up in the promised time"),
    Mutant("patience_doubles",              "STATUS-006", ("RETRY-015",), "nor is the second"),
    Mutant("progress_going_back",           "STATUS-007"),
    Mutant("attempts_unannounced",          "STATUS-008", ("STATUS-002", "STATUS-014"),
           "a request without a connecting before it, and silence where one hangs"),
    Mutant("waits_unannounced",             "STATUS-008", ("STATUS-002", "STATUS-006"),
           "a retrying out of nowhere, and half a minute of silence where Retry-After asks for it"),
    Mutant("library_repeats_by_itself",     "STATUS-008", ("RETRY-005", "RETRY-006", "RETRY-010", "RETRY-018"),
           "it repeats at once, beyond the bound, and byte for byte, used-up nonce included"),
    Mutant("cancel_unacknowledged",         "STATUS-009", ("STATUS-003", "STATUS-006", "EXPECT-001"),
           "the round never ends, in silence"),
    Mutant("cancel_ignored",                "STATUS-009", ("RETRY-009",), "requests go out after the cancel"),
    Mutant("cancel_taken_for_success",      "STATUS-010", ("STATUS-002", "STATUS-004", "EXPECT-001"),
           "a success is claimed, out of order, that never was"),
    Mutant("empty_error",                   "STATUS-011", ("INDIV-002",), "not_supported is not said either"),
    Mutant("refusal_offered_again",         "STATUS-012", ("INDIV-002",), "a retry where DRM is absent"),
    Mutant("success_called_failure",        "STATUS-013", ("SAFETY-004",), "what is held has changed in spite of the failure"),
    Mutant("countdown_of_one_second",       "STATUS-014", ("STATUS-006",), "the rest of a wait of two minutes is silence"),
    # ── how it tries again ───────────────────────────────────────────────────────────────────────────────────────────
    Mutant("no_retry_offered",              "RETRY-001",  ("STATUS-012", "REVOKE-001", "EXPECT-001"),
           "the offer contradicts the reason; users, and a service that is owed an acknowledgement, are left stuck"),
    Mutant("failure_from_memory",           "RETRY-002",  ("STATUS-005", "EXPECT-001"),
           "the reason is of yesterday, and the user never gets through"),
    Mutant("session_stays_closed",          "RETRY-003",  ("STATUS-011", "STATUS-013", "EXPECT-001"),
           "the license that arrives is thrown away, the user is not told why, and never gets through",
           ("a failed round", "a retry after it that gets through")),
    Mutant("refusal_retried",               "RETRY-004"),
    Mutant("attempts_unbounded",            "RETRY-005"),
    Mutant("retry_without_backoff",         "RETRY-006",  ("RETRY-017", "RETRY-018"),
           "no policy but the lack of one can be read off it"),
    Mutant("retry_after_ignored",           "RETRY-007"),
    Mutant("request_hedged",                "RETRY-008",  ("STATUS-008", "RETRY-005", "RETRY-006", "RETRY-010"),
           "the copy is unannounced, follows no pause, counts as one try more and bears the nonce of the first"),
    Mutant("request_abandoned",             "RETRY-008",  ("RETRY-009", "RETRY-011", "RETRY-013", "RETRY-015"),
           "what nobody closed is open when the round settles; a knock that is answered late is still followed by its request"),
    Mutant("retry_after_cancel",            "RETRY-009",  ("STATUS-008", "RETRY-011"),
           "what goes on in secret is unannounced, and still open when the round has settled",
           ("a cancel", "a failed try that it should have ended")),
    Mutant("nonce_reused",                  "RETRY-010",  ("EXPECT-001",), "each repetition is refused as a replay"),
    Mutant("fresh_key_each_attempt",        "RETRY-010",  ("RETRY-020",), "the service takes each repetition for another wish"),
    Mutant("connections_left_open",         "RETRY-011"),
    Mutant("hot_loop_promised",             "RETRY-012"),
    Mutant("burst_for_one_key",             "RETRY-012",  ("RETRY-005", "RETRY-006", "RETRY-017", "RETRY-018"),
           "more tries than promised, and no pause between them"),
    Mutant("pause_overslept",               "RETRY-013",  ("RETRY-018",), "the policy that can be read is another"),
    Mutant("deadline_forgotten",            "RETRY-014"),
    Mutant("attempts_last_too_long",        "RETRY-015"),
    Mutant("any_wait_sat_out",              "RETRY-016",  ("RETRY-014",), "the deadline passes while it waits"),
    Mutant("jitter_never_drawn",            "RETRY-017"),
    Mutant("pauses_grow_faster",            "RETRY-018",  ("RETRY-013",), "each pause but the first is too long"),
    Mutant("gives_up_too_soon",             "RETRY-019"),
    Mutant("key_named_for_the_failure",     "RETRY-020",  ("RETRY-010",), "no repetition bears the key of the first"),
    # ── what shows only where two things come together ───────────────────────────────────────────────────────────────
    Mutant("cancel_lost_in_pause",          "STATUS-009", ("RETRY-009",), "requests go out after the cancel",
           needs=("a failed try", "a cancel in the pause after it")),
    Mutant("retry_after_for_ever",          "RETRY-013", needs=("a Retry-After", "another failure after it")),
    Mutant("retry_after_read_once",         "RETRY-007", needs=("a failed try", "a Retry-After to the next")),
    Mutant("backoff_restarts_with_each_reason", "RETRY-006", ("RETRY-018",), "no such policy was promised",
           needs=("a failed try", "a failure of another kind after it")),
    Mutant("attempts_counted_by_reason",    "RETRY-005", needs=("failures of one kind", "failures of another kind among them")),
    Mutant("first_failure_explains_all",    "STATUS-005", ("EXPECT-001",), "a refusal is called a lost connection",
           needs=("a failed round", "another one that fails for another reason")),
    Mutant("refusal_of_consent_forgotten",  "INDIV-001", ("EXPECT-001",), "a user who refuses again is not heard",
           needs=("a refused consent", "a retry after it")),
    Mutant("old_license_dropped_on_repetition", "SAFETY-004", ("EXPECT-001",), "the old license is missed in the end",
           needs=("a renewal's failed try", "a failure that ends it, or a cancel")),
    Mutant("refusal_after_loss_taken_for_done", "STATUS-004", ("EXPECT-001",),
           "a backup is called done that is nowhere", needs=("a failed try", "a refusal of the next")),
    Mutant("stuck_after_second_upgrade",    "ACQUIRE-002", needs=("an upgrade on the way", "a failed try of it")),
    Mutant("retry_offered_once",            "RETRY-001", ("STATUS-012", "EXPECT-001"),
           "the offer contradicts the reason, and the user never gets through",
           needs=("a failed round", "another one after it")),
    Mutant("any_certificate_at_last",       "SAFETY-001", ("EXPECT-001",), "it gets its license from a stranger",
           needs=("a failed try", "a stranger's certificate at the next")),
    # ── what trouble must never do ───────────────────────────────────────────────────────────────────────────────────
    Mutant("tls_error_bypassed",            "SAFETY-001", ("EXPECT-001",), "it gets its license from a stranger"),
    Mutant("redirects_without_end",         "SAFETY-002"),
    Mutant("any_size_accepted",             "SAFETY-003"),
    Mutant("old_license_dropped_first",     "SAFETY-004", ("EXPECT-001",), "the old license is missed in the end"),
    Mutant("dies_of_nonsense",              "SAFETY-005", ("STATUS-003", "STATUS-006", "EXPECT-001"),
           "the round never ends, in silence"),
    Mutant("key_in_text",                   "SAFETY-006"),
    Mutant("key_in_log",                    "SAFETY-007"),
    # ── single operations ────────────────────────────────────────────────────────────────────────────────────────────
    Mutant("individualized_without_consent", "INDIV-001", ("EXPECT-001",), "a user who would have refused is not heard"),
    Mutant("unsupported_tried",             "INDIV-002",  ("EXPECT-001",), "it ends as if DRM were there"),
    Mutant("old_component_speaks",          "INDIV-003",  ("EXPECT-001",), "what needs the new component is refused for ever"),
    Mutant("endless_ping_pong",             "ACQUIRE-001", ("RETRY-012", "EXPECT-001"), "it is a hot loop of requests"),
    Mutant("stuck_after_individualization", "ACQUIRE-002"),
    Mutant("tampered_url_used",             "ACQUIRE-003", ("EXPECT-001",), "a user who would have refused is not heard"),
    Mutant("page_watched_for_ever",         "ACQUIRE-004"),
    Mutant("silent_once_more",              "ACQUIRE-005", ("STATUS-008",),
           "the second try is unannounced"),
    Mutant("acknowledgement_dropped",       "REVOKE-001", ("STATUS-004", "EXPECT-001"),
           "a success is claimed of which the service knows nothing"),
    Mutant("told_before_removed",           "REVOKE-002", ("EXPECT-001",), "if the service is down, the license stays"),
    Mutant("restricted_license_unsaid",     "BACKUP-001"),
    Mutant("restore_counted_twice",         "RESTORE-001", ("EXPECT-001",), "the limit is reached by one computer"),
    Mutant("restore_insisted_on",           "RESTORE-002", ("EXPECT-001",), "it is refused until it gives up"),
    Mutant("blocked_without_address",       "RESTORE-003"),
    Mutant("blocked_offers_retry",          "RESTORE-003", ("STATUS-001", "STATUS-003", "STATUS-006", "EXPECT-001"),
           "a user who takes the offer waits for ever"),
    Mutant("keep_taken_for_yes_on_retry",   "BACKUP-002", ("EXPECT-001",), "a user who keeps the backup again is not heard",
           needs=("a backup that is kept", "a retry after it")),
    Mutant("backup_overwritten",            "EXPECT-001", ("BACKUP-002",), "nobody agreed to it"),
)
# fmt: on
