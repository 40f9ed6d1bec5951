"""License backup to our vault, and restore of a backup to a computer."""

from __future__ import annotations

from collections.abc import Callable

from fake_servers.services.decision import Answer, Decision, ServiceRequest
from fake_servers.services.individualization import version_in_use
from fake_servers.store import Store

DISTRIBUTOR = "distributor"
"""Stands for a token in the address of the page that sends a user past the restore limit to the licenses' distributor."""


def back_up(store: Store, request: ServiceRequest, page_url: Callable[[str], str]) -> Decision:
    """Keep licenses in the vault. Those that the device does not hold, or that may not be backed up, stay out and are named."""
    if not request.licenses:
        return Decision(answer=Answer.MALFORMED, text="The backup holds no license.")
    saved = tuple(c for c in request.licenses if store.holds(request.device, c) and store.license_of(c).may_back_up)
    left_out = tuple(content for content in request.licenses if content not in saved)
    if not saved:
        return Decision(answer=Answer.DENIED, contents=left_out, text="None of these licenses may be backed up.")
    store.store_backup(request.device, saved)
    return Decision(answer=Answer.BACKUP_STORED, contents=left_out)


def restore(store: Store, request: ServiceRequest, page_url: Callable[[str], str]) -> Decision:
    """Issue a backup's licenses anew for a computer: those named, or all that the vault holds if none is.

    What the service cannot reissue stays out and is named. One license past its limit refuses the whole restore, so that
    nothing is counted for a restore that did not take place.
    """
    if not request.computer:
        return Decision(answer=Answer.MALFORMED, text="The request does not say which computer it is for.")
    if not version_in_use(store, request):
        return Decision(answer=Answer.NEEDS_INDIVIDUALIZATION, text="This computer must be individualized first.")
    wanted = request.licenses or request.contents or store.backup_of(request.device)
    possible = tuple(c for c in wanted if store.knows(c) and c not in store.given.unrestorable)
    left_out = tuple(content for content in wanted if content not in possible)
    if not possible:
        return Decision(answer=Answer.NOTHING_TO_RESTORE, contents=left_out, text="The service knows no such backup.")
    if used_up := tuple(content for content in possible if _is_used_up(store, content, request.computer)):
        return Decision(
            answer=Answer.RESTORE_LIMIT,
            contents=used_up,
            url=page_url(DISTRIBUTOR),
            text="These licenses were restored to too many computers; ask their distributor.",
        )
    restored = tuple(store.restore(request.device, content, request.computer) for content in possible)
    return Decision(answer=Answer.RESTORED, licenses=restored, contents=left_out)


def _is_used_up(store: Store, content: str, computer: str) -> bool:
    """A computer that was restored to before does not raise the count, so it is welcome at the limit, and beyond."""
    computers = store.computers_of(content)
    return computer not in computers and len(computers) >= store.given.restore_limit
