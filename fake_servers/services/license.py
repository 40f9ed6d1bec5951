"""License acquisition: silent where the service allows it, else through a page that the user completes."""

from __future__ import annotations

from collections.abc import Callable

from fake_servers.services.decision import Answer, Decision, ServiceRequest, granted
from fake_servers.services.individualization import version_in_use, version_order
from fake_servers.store import Store


def acquire(store: Store, request: ServiceRequest, page_url: Callable[[str], str]) -> Decision:
    """Grant, or say what must happen first. Whoever asks again, with a fresh nonce, is given a license again."""
    return _refusal(store, request) or _grant(store, request, page_url, Answer.PAGE_REQUIRED)


def monitor(store: Store, request: ServiceRequest, page_url: Callable[[str], str]) -> Decision:
    """The same for a device whose user is at the page: until it is completed, that is no news."""
    return _refusal(store, request) or _grant(store, request, page_url, Answer.PAGE_PENDING)


def _grant(store: Store, request: ServiceRequest, page_url: Callable[[str], str], until_completed: Answer) -> Decision:
    page = None if store.given.silent else store.page_for(request.device, request.contents)
    if page is not None and not page.completed:
        text = "The license is given once the user has completed this page."
        return Decision(answer=until_completed, url=page_url(page.token), text=text)
    licenses = tuple([store.issue(request.device, content) for content in request.contents])
    return granted(licenses)


def _refusal(store: Store, request: ServiceRequest) -> Decision | None:
    if request.nonce and not store.see_nonce(request.device, request.nonce):
        return Decision(answer=Answer.STALE_NONCE, text="This request has been seen before; make a fresh one.")
    version, required = version_in_use(store, request), store.given.required_version
    if version != required and version_order(version) < version_order(required):
        return Decision(
            answer=Answer.NEEDS_INDIVIDUALIZATION,
            text=f"The device must be individualized to version {store.given.required_version} first.",
        )
    if not request.contents:
        return Decision(answer=Answer.MALFORMED, text="The request names no content.")
    if unknown := [content for content in request.contents if not store.knows(content)]:
        return Decision(answer=Answer.DENIED, text=f"There is no license for {', '.join(unknown)}.")
    return None
