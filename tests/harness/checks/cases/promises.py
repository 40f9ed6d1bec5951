"""What checks must say of clients that do not keep their own promises of time, and of what is said in passing."""

from typing import Any

from fake_servers.journal import ConnectionOpened
from tests.harness.checks.case import case
from tests.harness.checks.trace_builder import (
    Word,
    answers,
    asks,
    breaks,
    fires,
    goes_silent,
    notes,
    says,
    truth,
)

LOST = ("asks license", breaks())
GRANTED = ("asks license", "answers granted")
BUSY = ("asks license", fires("status"), answers("http", status=503))
STEADY = {"retry": {"attempts": 9, "base": "2 s", "factor": 1, "jitter": 0}}
DOUBLING = {"retry": {"attempts": 9, "base": "1 s", "jitter": 0.2}}
HALF_A_MINUTE = {"retry": {"attempts": 9, "base": "1 s", "deadline": "30 s"}}
TWO_TRIES = {"retry": {"attempts": 2, "base": "2 s", "jitter": 0}}
KEY: dict[str, Any] = {"idempotency_key": "a"}
RESTORE: dict[str, Any] = {"operation": "license_restore"}


def asked_to_wait(seconds: float) -> tuple[Word, ...]:
    return ("asks license", fires("retry_after"),
            answers("http", status=503, retry_after_s=seconds, headers={"Retry-After": f"{seconds:g}"}))  # fmt: skip


def lost_with_pauses(*seconds: float) -> list[Word]:
    """A first try and, after each pause, another; all are lost."""
    return [*LOST, *[word for pause in seconds for word in (f"+{pause - 0.02:g}", *LOST)]]


def announced(seconds: float) -> Word:
    return says("retry_scheduled", reason="connection_lost", retry_in_s=seconds)


CASES = [
    case("RETRY-014", "pass", "within half a minute", "start", *LOST, "+20", *LOST, profile=HALF_A_MINUTE),
    case("RETRY-014", "fail", "after forty seconds", "start", *LOST, "+40", *LOST, profile=HALF_A_MINUTE),
    case("RETRY-014", "n/a", "the user opened a new round",
         "start", *LOST, "failed", "+40", "retry", *GRANTED, profile=HALF_A_MINUTE),
    case("RETRY-015", "pass", "given up after ten seconds", "start", "asks license", goes_silent, "failed",
         profile={"retry": {"attempt_timeout": "11 s"}}),
    case("RETRY-015", "fail", "given up after a minute",
         "start", "asks license", "+50", goes_silent, "failed", profile={"silence": "5 min"}),
    case("RETRY-015", "fail", "never given up", "start", "asks license", "+60", "failed"),
    case("RETRY-015", "?", "the run ends first", "start", "asks license", "+3", "failed"),
    case("RETRY-015", "n/a", "answered at once", "start", *GRANTED),
    case("RETRY-016", "pass", "an hour is too long, and it fails", "start", *asked_to_wait(3600), "failed"),
    case("RETRY-016", "fail", "an hour is sat out", "start", *asked_to_wait(3600), "+3600", *GRANTED),
    case("RETRY-016", "n/a", "a minute is not too long", "start", *asked_to_wait(60), "+60", *GRANTED),
    case("RETRY-016", "pass", "the user may come back",
         "start", *asked_to_wait(3600), "failed", "retry", *GRANTED, "succeeded"),
    case("RETRY-017", "pass", "drawn", "start", *lost_with_pauses(0.85, 2.3, 4.1, 7.0), profile=DOUBLING),
    case("RETRY-017", "fail", "the middle each time", "start", *lost_with_pauses(1, 2, 4, 8, 16), profile=DOUBLING),
    case("RETRY-017", "n/a", "three pauses are too few", "start", *lost_with_pauses(1, 2, 4), profile=DOUBLING),
    case("RETRY-017", "n/a", "none is promised", "start", *lost_with_pauses(2, 2, 2, 2, 2), profile=STEADY),
    case("RETRY-018", "pass", "as promised", "start", *lost_with_pauses(1, 2, 4), profile=DOUBLING),
    case("RETRY-018", "fail", "three times as long each time", "start", *lost_with_pauses(1, 3, 9), profile=DOUBLING),
    case("RETRY-018", "fail", "they grow, and should not", "start", *lost_with_pauses(2, 4, 8), profile=STEADY),
    case("RETRY-018", "n/a", "two pauses are too few", "start", *lost_with_pauses(1, 9), profile=DOUBLING),
    case("RETRY-018", "n/a", "on real sockets one run is too few",
         "start", *lost_with_pauses(1, 3, 9), profile=DOUBLING, network="loopback"),
    case("RETRY-018", "fail", "two runs on sockets, twice too long", "start", *lost_with_pauses(2, 4, 8), "failed", "retry",
         *lost_with_pauses(2, 4, 8), profile=DOUBLING, network="loopback"),
    case("RETRY-018", "pass", "a hiccup in one of three runs", "start", *lost_with_pauses(1, 2, 4), "failed", "retry",
         *lost_with_pauses(1, 9, 4), "failed", "retry", *lost_with_pauses(1, 2, 4), profile=DOUBLING, network="loopback"),
    case("RETRY-019", "pass", "two of two", "start", *BUSY, "+2", *BUSY, says("failed", reason="service_unavailable"),
         profile=TWO_TRIES),
    case("RETRY-019", "fail", "one of two", "start", *BUSY, says("failed", reason="service_unavailable"), profile=TWO_TRIES),
    case("RETRY-019", "n/a", "the user stopped it", "start", *BUSY, "cancel", "failed", profile=TWO_TRIES),
    case("RETRY-019", "n/a", "lost connections may be read in two ways", "start", *LOST, "failed", profile=TWO_TRIES),
    case("RETRY-020", "pass", "the service knew it again", "start", asks("restore", **KEY), truth("license_restored"),
         breaks(answer="restored"), asks("restore", **KEY), answers("restored"), **RESTORE),
    case("RETRY-020", "fail", "restored twice", "start", asks("restore", **KEY), truth("license_restored"),
         breaks(answer="restored"), asks("restore", **KEY), truth("license_restored"), answers("restored"), **RESTORE),
    case("RETRY-020", "n/a", "a license may be granted twice",
         "start", *LOST, truth("license_issued"), "asks license", truth("license_issued"), answers("granted")),
    case("STATUS-014", "pass", "two seconds, as announced", "start", *LOST, announced(2), "+1.99", *LOST),
    case("STATUS-014", "pass", "a pool opens a connection meanwhile", "start", *LOST, announced(2),
         lambda writing: writing.write(ConnectionOpened(connection=9, service="license")), "+1.98", *LOST),
    case("STATUS-014", "fail", "sooner", "start", *LOST, announced(5), "+1", *LOST),
    case("STATUS-014", "fail", "later, by a status", "start", *LOST, announced(1), "+5", "retrying"),
    case("STATUS-014", "n/a", "the user did not wait", "start", *LOST, announced(60), "cancel", "cancelled"),
    case("STATUS-014", "n/a", "it ended instead", "start", *LOST, announced(60), "+1", "failed"),
    case("SAFETY-007", "pass", "words", "start", notes("connection lost"), "failed"),
    case("SAFETY-007", "fail", "a password", "start", notes("login with password=hunter2"), "failed"),
    case("SAFETY-007", "pass", "nothing", "start", "failed"),
    case("ACQUIRE-005", "pass", "it looks for the page",
         "start", "asks license", answers("page_required"), "asks monitor", answers("page_pending")),
    case("ACQUIRE-005", "pass", "asked for aloud",
         "start", "asks license", answers("page_required"), asks("license", nonsilent="1"), answers("page_required")),
    case("ACQUIRE-005", "fail", "asked for in silence again",
         "start", "asks license", answers("page_required"), "asks license", answers("page_required")),
    case("ACQUIRE-005", "n/a", "no page", "start", *GRANTED),
    case("INDIV-003", "pass", "the new version", "start", asks("license", client_version="1.0"),
         answers("needs_individualization"), "asks individualization", truth("individualized", version="2.2"),
         answers("individualized"), asks("license", client_version="2.2"), answers("granted")),
    case("INDIV-003", "fail", "the old version", "start", asks("license", client_version="1.0"),
         answers("needs_individualization"), "asks individualization", truth("individualized", version="2.2"),
         answers("individualized"), asks("license", client_version="1.0")),
    case("INDIV-003", "n/a", "a wire without versions", "start", "asks individualization",
         truth("individualized", version="2.2"), answers("individualized"), "asks license"),
]  # fmt: skip
