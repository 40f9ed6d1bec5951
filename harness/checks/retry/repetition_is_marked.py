"""RETRY-010: a repetition is marked as what it is."""

from collections.abc import Iterator

from harness.checks.exchanged import repetitions
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace

FRESH = ("license", "monitor")
"""Each request its own nonce: the service refuses one that it has seen."""

SAME = ("individualization", "backup", "restore", "revocation", "acknowledgement", "release")
"""Each repetition the key of the first: the service does the work once."""


@check(
    "RETRY-010",
    title="A repetition has a fresh nonce, or the same idempotency key",
    source="Windows Media Format SDK: a restore to a computer counts; each license request carries a challenge of its own",
    needs={"wire"},
)
def repetition_is_marked(trace: Trace) -> Finding:
    """Mark a repeated request in the way of its protocol, since the service may have served the first one.

    A request for a license carries a fresh nonce each time, or it is taken for a replay. A request that must not be served
    twice (individualization, revocation, backup, restore) carries the same idempotency key on each automatic repetition. A
    dialect without such fields, Clear Key for one, has nothing to judge.
    """
    nonces: dict[str, Entry] = {}
    judged: list[Entry] = []
    for entry, nonce in _nonces(trace):
        if nonce in nonces:
            return failed("a fresh nonce", "the nonce of an earlier request", nonces[nonce], entry)
        nonces[nonce] = entry
    if len(nonces) > 1:
        judged += nonces.values()
    for first, again in (pair for round_ in trace.rounds for pair in repetitions(trace, round_)):
        if first.asked.exchange in SAME and (key := _key(first)):
            if _key(again) != key:
                return failed("the same idempotency key", "another, or none", first.request, again.request)
            judged.append(again.request)
    return passed(*judged) if judged else not_applicable("nothing that carries a nonce or a key was repeated")


def _nonces(trace: Trace) -> Iterator[tuple[Entry, str]]:
    for exchanged in trace.exchanges:
        if exchanged.asked.exchange in FRESH and (nonce := exchanged.asked.fields.get("nonce")):
            yield exchanged.request, nonce


def _key(exchanged: Exchanged) -> str:
    return exchanged.asked.fields.get("idempotency_key", "")
