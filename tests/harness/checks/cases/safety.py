"""What the SAFETY checks must say of literal traces."""

from fake_servers.content_keys import base64url, content_key
from tests.harness.checks.case import case
from tests.harness.checks.trace_builder import (
    answers,
    asks,
    breaks,
    claims,
    connects_into,
    ends,
    fires,
    holds,
    says,
)

GRANTED = ("asks license", "truth license_issued", "answers granted")
LOST = ("asks license", breaks())
ENDLESS = ("asks license", "truth license_issued", fires("oversize_body"), answers("granted", body_bytes=8_000_000))
LARGE = ("asks license", "truth license_issued", fires("oversize_body"), answers("granted", body_bytes=3_000_000))
INTO_A_CIRCLE = ("asks license", fires("redirect_loop"), answers("http", status=302))
KEY = content_key("film")
BARE = {"individualized": False}

CASES = [
    # ── SAFETY-001: TLS ─────────────────────────────────────────────────────────────────────────────────────────────
    case("SAFETY-001", "pass", "the connection is dropped", "start", connects_into("unknown_ca"), "failed", network="loopback"),
    case("SAFETY-001", "pass", "and a good one is used",
         "start", connects_into("expired_certificate"), *GRANTED, "succeeded", network="loopback"),
    case("SAFETY-001", "fail", "a request all the same",
         "start", connects_into("wrong_host"), asks("license", connection=1), network="loopback"),
    case("SAFETY-001", "n/a", "a handshake that was cut proves nothing",
         "start", connects_into("handshake_cut"), "failed", network="loopback"),
    # ── SAFETY-002: redirects ───────────────────────────────────────────────────────────────────────────────────────
    case("SAFETY-002", "pass", "twenty", "start", *INTO_A_CIRCLE, *["asks redirect"] * 20, "failed"),
    case("SAFETY-002", "fail", "twenty-one", "start", *INTO_A_CIRCLE, *["asks redirect"] * 21, "failed"),
    case("SAFETY-002", "pass", "twenty again for the next request",
         "start", *INTO_A_CIRCLE, *["asks redirect"] * 20, *INTO_A_CIRCLE, *["asks redirect"] * 20, "failed"),
    case("SAFETY-002", "n/a", "none was followed", "start", *INTO_A_CIRCLE, "failed"),
    # ── SAFETY-003: body ────────────────────────────────────────────────────────────────────────────────────────────
    case("SAFETY-003", "pass", "refused", "start", *ENDLESS, "failed"),
    case("SAFETY-003", "pass", "refused, and then an honest one", "start", *ENDLESS, *GRANTED, "succeeded"),
    case("SAFETY-003", "fail", "taken for a license", "start", *ENDLESS, claims("succeeded")),
    case("SAFETY-003", "fail", "read to its end, as the next request on that connection shows",
         "start", *ENDLESS, asks("license", connection=1), "truth license_issued", "answers granted", "succeeded"),
    case("SAFETY-003", "fail", "read to its end, as it says itself",
         "start", *ENDLESS, says("receiving", done=8_000_000), "failed"),
    case("SAFETY-003", "pass", "a reply that is only large may be read",
         "start", *LARGE, asks("license", connection=1), "truth license_issued", "answers granted", "succeeded"),
    case("SAFETY-003", "fail", "it died of it", "start", *ENDLESS, ends("client_died")),
    case("SAFETY-003", "?", "the run ends", "start", *ENDLESS, ends("interrupted")),
    case("SAFETY-003", "n/a", "all of honest size", "start", *GRANTED, "succeeded"),
    # ── SAFETY-004: rights ──────────────────────────────────────────────────────────────────────────────────────────
    case("SAFETY-004", "pass", "a renewal fails, the license stays", holds("film"), "start", *LOST, "failed", holds("film")),
    case("SAFETY-004", "fail", "a renewal fails, the license is gone", holds("film"), "start", *LOST, "failed", holds()),
    case("SAFETY-004", "fail", "half a restore",
         holds(), "start", "failed", holds("film"), operation="license_restore", given={"backup": ["film", "song"]}),
    case("SAFETY-004", "fail", "cancelled, and the license is here", holds(), "start", "cancel", "cancelled", holds("film")),
    case("SAFETY-004", "pass", "individualized on the way, then refused",
         holds(individualized=False), "start", "failed", holds(), given=BARE),
    case("SAFETY-004", "fail", "individualized although the user declined",
         holds(individualized=False), "start", "refuse", "declined", holds(), operation="individualization", given=BARE),
    case("SAFETY-004", "fail", "the component is gone", holds(), "start", "failed", holds(individualized=False)),
    case("SAFETY-004", "n/a", "it succeeded", holds(), "start", *GRANTED, "succeeded", holds("film")),
    case("SAFETY-004", "n/a", "nobody knows what it holds", "start", *LOST, "failed"),
    # ── SAFETY-005: survival ────────────────────────────────────────────────────────────────────────────────────────
    case("SAFETY-005", "pass", "settled", "start", "asks license", fires("malformed_reply"), "failed"),
    case("SAFETY-005", "pass", "a command line ends", "start", *LOST, claims("failed", 56)),
    case("SAFETY-005", "fail", "it died", "start", "asks license", fires("malformed_reply"), ends("client_died")),
    case("SAFETY-005", "fail", "it hung", "start", "asks license", fires("malformed_reply"), "+900", ends("limit")),
    case("SAFETY-005", "fail", "stuck until the user retried", "start", *LOST, "retry", *GRANTED, "succeeded"),
    case("SAFETY-005", "?", "the run ends", "start", "asks license", fires("malformed_reply"), ends("interrupted")),
    case("SAFETY-005", "n/a", "the user had cancelled", "start", *LOST, "cancel", "+900", ends("limit")),
    case("SAFETY-005", "n/a", "no trouble", "start", *GRANTED, "succeeded"),
    # ── SAFETY-006: secrets ─────────────────────────────────────────────────────────────────────────────────────────
    case("SAFETY-006", "pass", "nothing of the kind", "start", says("failed", text="The license for film was refused.")),
    case("SAFETY-006", "fail", "a key in hex", "start", says("failed", text=f"bad key {KEY.hex().upper()}")),
    case("SAFETY-006", "fail", "a key in base64url", "start", says("failed", text=f"k={base64url(KEY)}")),
    case("SAFETY-006", "fail", "a key in an address",
         "start", says("page_needed", url=f"https://x.example/?k={base64url(KEY)}")),
    case("SAFETY-006", "fail", "the key of a license it holds",
         "start", says("failed", text=content_key("song").hex()), given={"licenses": ["song"]}),
    case("SAFETY-006", "fail", "a password in an address",
         "start", says("failed", text="GET https://me:secret@x.example failed")),
    case("SAFETY-006", "fail", "a password", "start", says("failed", text="password=hunter2 is wrong")),
    case("SAFETY-006", "fail", "a password, in French",
         "start", says("failed", text="Le mot de passe\u00a0: hunter2 n’est plus valable.")),
    case("SAFETY-006", "pass", "the word, and none", "start", says("failed", text="Le mot de passe n’est plus valable.")),
    case("SAFETY-006", "fail", "a bearer token", "start", says("failed", text="sent Bearer eyJhbGciOi1")),
    case("SAFETY-006", "pass", "bearers without tokens", "start", says("failed", text="The bearer certificate was refused.")),
]  # fmt: skip
