"""License revocation: the issuer orders removals and waits for the device's acknowledgement; or a device gives one back.

All three exchanges are idempotent by nature: the same challenge brings the same order, and a second acknowledgement or release
finds the work done.
"""

from __future__ import annotations

from collections.abc import Callable

from fake_servers.services.decision import Answer, Decision, ServiceRequest
from fake_servers.store import Store


def order_removal(store: Store, request: ServiceRequest, page_url: Callable[[str], str]) -> Decision:
    """The signed list (LRB) for this device: what the issuer wants removed, of the contents named, or of all if none is."""
    revoked = store.given.revoked or store.given.licenses
    ordered = tuple(content for content in revoked if not request.contents or content in request.contents)
    if not ordered:
        return Decision(answer=Answer.DENIED, text="The issuer has ordered none of these licenses removed.")
    removal = store.order_removal(request.device, ordered)
    return Decision(answer=Answer.REMOVAL_ORDERED, contents=removal.contents, receipt=removal.receipt)


def acknowledge(store: Store, request: ServiceRequest, page_url: Callable[[str], str]) -> Decision:
    """The device says that it carried an order out."""
    removal = store.acknowledge(request.device, request.receipt)
    if removal is None:
        return Decision(answer=Answer.DENIED, text="No such removal was ordered from this device.")
    return Decision(answer=Answer.ACKNOWLEDGED, contents=removal.contents, receipt=removal.receipt)


def release(store: Store, request: ServiceRequest, page_url: Callable[[str], str]) -> Decision:
    """The device says that it destroyed licenses of its own accord. All or nothing."""
    if not request.contents:
        return Decision(answer=Answer.MALFORMED, text="The request names no content.")
    if never := [content for content in request.contents if store.right_to(request.device, content) is None]:
        return Decision(answer=Answer.DENIED, text=f"The device never had a license for {', '.join(never)}.")
    for content in request.contents:
        store.release(request.device, content)
    return Decision(answer=Answer.ACKNOWLEDGED, contents=request.contents)
