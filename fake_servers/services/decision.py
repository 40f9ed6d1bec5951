"""What a service is asked and what it decides, free of any wire format.

A dialect turns HTTP into a ``ServiceRequest`` and a ``Decision`` back into HTTP; a service fault may put another decision in
its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache


class Exchange(StrEnum):
    """What a request can ask for. One exchange is one request and its reply; scripts address faults by these names."""

    INDIVIDUALIZATION = "individualization"
    LICENSE = "license"
    MONITOR = "monitor"  # has the page been completed, is the license there? (non-silent acquisition)
    REVOCATION = "revocation"
    ACKNOWLEDGEMENT = "acknowledgement"
    RELEASE = "release"
    BACKUP = "backup"  # the opt-in vault
    RESTORE = "restore"


class Answer(StrEnum):
    """Everything a service can decide."""

    # it worked
    INDIVIDUALIZED = "individualized"
    GRANTED = "granted"
    PAGE_PENDING = "page_pending"
    REMOVAL_ORDERED = "removal_ordered"
    ACKNOWLEDGED = "acknowledged"
    BACKUP_STORED = "backup_stored"
    RESTORED = "restored"
    # it did not
    NEEDS_INDIVIDUALIZATION = "needs_individualization"
    CLIENT_TOO_OLD = "client_too_old"
    PAGE_REQUIRED = "page_required"
    DENIED = "denied"
    DEVICE_REVOKED = "device_revoked"
    LICENSE_EXPIRED = "license_expired"
    STALE_NONCE = "stale_nonce"
    QUOTA_USED_UP = "quota_used_up"
    RESTORE_LIMIT = "restore_limit"
    NOTHING_TO_RESTORE = "nothing_to_restore"
    BACKUP_CORRUPT = "backup_corrupt"
    TOO_MANY_RESETS = "too_many_resets"
    MAINTENANCE = "maintenance"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """A license as the store knows it. ``key`` is a test key of 16 bytes, never a real one. It is good from ``begins_epoch_s``
    up to ``expires_epoch_s``, where there are such bounds."""

    content: str
    key: bytes
    begins_epoch_s: float | None = None
    expires_epoch_s: float | None = None
    may_back_up: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """What a dialect read in a request.

    Attributes:
        exchange: What is asked for.
        device: The device's name for itself.
        client_version: Version of its individualized component, ``""`` if it has none.
        contents: Content names or key ids that are asked for.
        nonce: Fresh for each request, if the dialect has one.
        idempotency_key: The same for each repetition of one request, if the dialect has one.
        computer: Identity of the computer that a restore runs on.
        licenses: Licenses that a backup holds.
        silent: False once the user has been sent to the license page.
        receipt: The signed list that an acknowledgement confirms.
        received_epoch_s: When it came, for service faults that go by the date; the services themselves ask their store.
    """

    exchange: Exchange
    device: str = ""
    client_version: str = ""
    contents: tuple[str, ...] = ()
    nonce: str = ""
    idempotency_key: str = ""
    computer: str = ""
    licenses: tuple[str, ...] = ()
    silent: bool = True
    receipt: str = ""
    received_epoch_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a service decided.

    Attributes:
        answer: Which of the decisions it is.
        licenses: Licenses granted or restored.
        contents: Contents that a removal names, or whose licenses could not be restored.
        url: Where the user must go on (license page, distributor), if anywhere.
        package: The individualized component, for INDIVIDUALIZED.
        client_version: The version of that component.
        receipt: The removal's name, to be confirmed by an acknowledgement.
        nonce: The request's own, where the dialect has one: by it a client tells this reply from an older one.
        text: A sentence for people.
    """

    answer: Answer
    licenses: tuple[License, ...] = ()
    contents: tuple[str, ...] = ()
    url: str = ""
    package: bytes = b""
    client_version: str = ""
    receipt: str = ""
    nonce: str = ""
    text: str = field(default="")


@lru_cache(maxsize=64)
def granted(licenses: tuple[License, ...]) -> Decision:
    """These licenses, and no more to say."""
    return Decision(answer=Answer.GRANTED, licenses=licenses)
