"""Individualization: a device asks for its own DRM component, and gets it anew whenever it asks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from fake_servers.services.decision import Answer, Decision, ServiceRequest
from fake_servers.store import Store

PACKAGE_BYTES = 24 * 1024
"""Large enough to arrive in several pieces, so that a download has progress to show."""

_VERSION = re.compile(r"\d{1,9}(\.\d{1,9})*", re.ASCII)


def individualize(store: Store, request: ServiceRequest, page_url: Callable[[str], str]) -> Decision:
    """Hand out the newest component. Never refuses: a daily quota is a fault's business, the store only counts."""
    version = newest_version(store)
    store.individualize(request.device, version)
    return Decision(
        answer=Answer.INDIVIDUALIZED,
        package=component_package(request.device, version),
        client_version=version,
    )


def newest_version(store: Store) -> str:
    """The version to hand out: high enough for the license service, so that individualizing always helps."""
    return max(store.given.client_version, store.given.required_version, key=version_order)


def component_package(device: str, version: str) -> bytes:
    """The component: bytes without meaning, the same for the same device and version."""
    return hashlib.shake_256(f"component {version} of {device}".encode()).digest(PACKAGE_BYTES)


def unpacked(decision: Decision) -> Decision:
    """Without the component's bytes: to remember, for they can be made again."""
    return replace(decision, package=b"") if decision.package else decision


def packed(decision: Decision, device: str) -> Decision:
    """With them, as it was handed out to the device; any other decision as it is."""
    if decision.answer is not Answer.INDIVIDUALIZED:
        return decision
    return replace(decision, package=component_package(device, decision.client_version))


def version_in_use(store: Store, request: ServiceRequest) -> str:
    """The component that a service may rely on: what the device says it has, as far as it was ever handed out to it.

    A device that lost the reply has nothing yet; one that claims more than it got has no more for that. A request of a dialect
    without devices says nothing of components, and the store's word stands.
    """
    handed_out = store.version_of(request.device)
    return min(request.client_version, handed_out, key=version_order) if request.device else handed_out


@lru_cache(maxsize=64)  # each license request compares the same two
def version_order(version: str) -> tuple[int, ...]:
    """Sorts versions by their numbers: ``2.10`` after ``2.9``. Empty for ``""`` and for anything that is no version."""
    return tuple(int(part) for part in version.split(".")) if _VERSION.fullmatch(version) else ()
