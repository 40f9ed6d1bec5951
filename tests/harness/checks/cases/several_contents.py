"""What checks must say of clients that need several contents at the same moment: each content is judged by itself."""

from collections.abc import Callable, Iterable
from typing import Any

from tests.harness.checks.case import case
from tests.harness.checks.trace_builder import Word, Writing, answers, asks, holds, says, truth

TWO = {"content": "film", "also": ["sound"]}
TWO_TRIES = {"retry": {"attempts": 2, "base": "2 s", "jitter": 0}}
KEYS = [f"key-{number}" for number in range(1, 19)]
MAINTENANCE: dict[str, Any] = {"status": 503}


def asks_for(*contents: str) -> Callable[[Writing], None]:
    """One request for these contents."""
    return asks("license", content=",".join(contents))


def together(contents: Iterable[str], answer: str, first: int = 1, **rest: Any) -> list[Word]:
    """A request for each content, all under way at once, and the replies; the first of them is request number ``first``."""
    asked = list(contents)
    return [*map(asks_for, asked), *[answers(answer, to=number, **rest) for number in range(first, first + len(asked))]]


BOTH = ("film", "sound")
BOTH_FAIL = together(BOTH, "maintenance", **MAINTENANCE)
BOTH_FAIL_AGAIN = together(BOTH, "maintenance", first=3, **MAINTENANCE)
BOTH_GRANTED = [*together(BOTH, "granted"), truth("license_issued")]
ONE_DENIED = [asks_for("film"), asks_for("sound"), answers("denied", to=1), answers("maintenance", to=2, **MAINTENANCE)]

CASES = [
    case("RETRY-005", "pass", "as many as promised for each of two", "start", *BOTH_FAIL, *BOTH_FAIL_AGAIN, profile=TWO_TRIES),
    case("RETRY-005", "fail", "one too many for one of two",
         "start", *BOTH_FAIL, *BOTH_FAIL_AGAIN, asks_for("sound"), profile=TWO_TRIES),
    case("RETRY-006", "pass", "each of two after its pause",
         "start", *BOTH_FAIL, "+2", *BOTH_FAIL_AGAIN, profile=TWO_TRIES),
    case("RETRY-006", "fail", "one of two at once", "start", *BOTH_FAIL, asks_for("sound"), profile=TWO_TRIES),
    case("RETRY-006", "n/a", "two requests for two keys repeat nothing", "start", *BOTH_FAIL, profile=TWO_TRIES),
    case("RETRY-008", "n/a", "two keys are asked for together", "start", *BOTH_GRANTED, "succeeded"),
    case("RETRY-008", "fail", "one key is asked for twice, the second time among others",
         "start", asks_for("film"), asks_for("film", "sound"), answers("granted")),
    case("RETRY-012", "pass", "eighteen requests for eighteen keys", "start", *together(KEYS, "granted"), "succeeded"),
    case("RETRY-012", "pass", "and each of them once more", "start", *together(KEYS, "maintenance", **MAINTENANCE),
         *together(KEYS, "granted", first=19), "succeeded"),
    case("RETRY-012", "fail", "eighteen requests for one key in a third of a second",
         "start", *[word for number in range(1, 19) for word in together(["film"], "maintenance", number, **MAINTENANCE)]),
    case("RETRY-012", "fail", "eighteen requests, each for all keys", "start", *[asks_for(*KEYS)] * 18),
    case("RETRY-013", "pass", "it waits for the other key first", "start", asks_for("film"),
         answers("maintenance", **MAINTENANCE), asks_for("sound"), "+8", answers("maintenance", **MAINTENANCE),
         "+1.97", asks_for("film"), profile=TWO_TRIES),
    case("RETRY-013", "fail", "and then longer than promised", "start", asks_for("film"),
         answers("maintenance", **MAINTENANCE), asks_for("sound"), "+8", answers("maintenance", **MAINTENANCE),
         "+5", asks_for("film"), profile=TWO_TRIES),
    case("RETRY-001", "n/a", "one of two was refused for good",
         "start", *ONE_DENIED, says("failed", reason="license_denied", retryable=False), given=TWO),
    case("STATUS-004", "pass", "both were granted", "start", *BOTH_GRANTED, "succeeded", given=TWO),
    case("STATUS-004", "pass", "both in one reply",
         "start", asks_for("film", "sound"), truth("license_issued"), answers("granted"), "succeeded", given=TWO),
    case("STATUS-004", "fail", "only one of two was granted", "start", asks_for("film"), truth("license_issued"),
         answers("granted"), "succeeded", given=TWO),
    case("STATUS-008", "pass", "one connecting stands for both requests",
         "start", "started", "connecting", *BOTH_GRANTED, "succeeded"),
    case("STATUS-008", "fail", "the second request for one of them is not announced",
         "start", "started", "connecting", *BOTH_FAIL, asks_for("sound"), "failed"),
    case("STATUS-013", "pass", "one of two is not all", holds(), "start", asks_for("film"), truth("license_issued"),
         answers("granted"), asks_for("sound"), answers("maintenance", **MAINTENANCE), "failed", holds("film"), given=TWO),
    case("STATUS-013", "fail", "both are there, and it says that it failed",
         holds(), "start", *BOTH_GRANTED, "failed", holds("film", "sound"), given=TWO),
    case("SAFETY-004", "pass", "one of two may be stored by itself", holds(), "start", *ONE_DENIED, "failed", holds("film"),
         given=TWO),
    case("SAFETY-004", "fail", "a third may not", holds(), "start", *ONE_DENIED, "failed", holds("trailer"), given=TWO),
]  # fmt: skip
