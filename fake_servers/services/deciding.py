"""From a request to a decision: which service decides, and what a repetition is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fake_servers.services import backup_restore, individualization, license, revocation
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest
from fake_servers.store import Store

PageUrl = Callable[[str], str]
"""The address of a page, given its token."""

# fmt: off
SERVICES: dict[Exchange, Callable[[Store, ServiceRequest, PageUrl], Decision]] = {
    Exchange.INDIVIDUALIZATION: individualization.individualize,
    Exchange.LICENSE:           license.acquire,
    Exchange.MONITOR:           license.monitor,
    Exchange.REVOCATION:        revocation.order_removal,
    Exchange.ACKNOWLEDGEMENT:   revocation.acknowledge,
    Exchange.RELEASE:           revocation.release,
    Exchange.BACKUP:            backup_restore.back_up,
    Exchange.RESTORE:           backup_restore.restore,
}
# fmt: on

KEPT = frozenset(
    {
        Answer.INDIVIDUALIZED,
        Answer.GRANTED,
        Answer.REMOVAL_ORDERED,
        Answer.ACKNOWLEDGED,
        Answer.BACKUP_STORED,
        Answer.RESTORED,
    }
)
"""Answers that took effect: a repetition with the same idempotency key gets them again. A refusal changed nothing and is
thought over anew, so that a device that was told to individualize first may then go on under its old key."""

KEY_REUSED = Decision(answer=Answer.MALFORMED, text="This idempotency key came before with a different request.")


def decide(store: Store, request: ServiceRequest, *, page_url: PageUrl) -> Decision:
    """What the service that the exchange belongs to decides; whatever it changes is in the store when this returns.

    Args:
        store: The truth.
        request: Contents may be named or given by key id.
        page_url: Gives the address of the page with that token, or of ``backup_restore.DISTRIBUTOR``'s.

    Raises:
        StateError: What it changes cannot be kept; then nothing has changed.
    """
    request = store.in_own_names(request)
    earlier = store.kept(request) if request.idempotency_key else None
    if earlier is not None:
        first, decision = earlier
        decision = individualization.packed(decision, request.device) if _same_payload(first, request) else KEY_REUSED
    else:
        with store:
            decision = SERVICES[request.exchange](store, request, page_url)
            if request.idempotency_key and decision.answer in KEPT:
                store.keep(request, individualization.unpacked(decision))
    return decision if decision.nonce == request.nonce else replace(decision, nonce=request.nonce)


def complete_page(store: Store, token: str) -> bool:
    """The user completed the page with this token; False if there is none.

    Raises:
        StateError: That cannot be kept; then nothing has changed.
    """
    with store:
        return store.complete_page(token)


def _same_payload(first: ServiceRequest, again: ServiceRequest) -> bool:
    """A nonce is fresh by its nature, so a repetition may differ in it."""
    return replace(first, nonce="") == replace(again, nonce="")
