"""The phases: a closed list of what a client can tell its user it is doing.

Five of them *settle* a round: nothing follows them until the user acts again.
"""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """What the client is doing. The value is the word used in YAML, traces and the stdio protocol."""

    meaning: str
    settles: bool

    def __new__(cls, word: str, meaning: str, settles: bool = False) -> Phase:
        member = str.__new__(cls, word)
        member._value_ = word
        member.meaning = meaning
        member.settles = settles
        return member

    # fmt: off
    STARTED           = "started", "the operation has begun"
    CONSENT_NEEDED    = "consent_needed", "the user must agree before it goes on"
    OVERWRITE_NEEDED  = "overwrite_needed", "a backup exists there already; the user must agree to replace it"
    PAGE_NEEDED       = "page_needed", "the user must complete a web page"
    MONITORING        = "monitoring", "waiting for the license that the page leads to"
    PREPARING         = "preparing", "making the request ready"
    CONNECTING        = "connecting", "an attempt begins: connecting to the service"
    REQUESTING        = "requesting", "the request is being sent"
    RECEIVING         = "receiving", "the reply is arriving"
    VALIDATED         = "validated", "the service accepts the client's credentials"
    INDIVIDUALIZING   = "individualizing", "the device is being individualized, as a step of another operation"
    INSTALLING        = "installing", "what was received is being stored on the device"
    REMOVING          = "removing", "licenses are being removed from the device"
    ACKNOWLEDGING     = "acknowledging", "the removal is done here; the service is being told"
    BACKING_UP        = "backing_up", "licenses are being written to the backup"
    RESTORING         = "restoring", "licenses are being written back to the device"
    LICENSE_SKIPPED   = "license_skipped", "one license is left out, since its issuer does not allow the operation"
    RETRY_SCHEDULED   = "retry_scheduled", "the attempt failed; another follows by itself after a wait"
    RETRYING          = "retrying", "another attempt begins, by itself or because the user asked"
    SUCCEEDED         = "succeeded", "it is done", True
    FAILED            = "failed", "it did not work", True
    CANCELLED         = "cancelled", "the user stopped it", True
    BLOCKED           = "blocked", "the service does not allow it here; the user must go to the given address", True
    DECLINED          = "declined", "the user did not agree", True
    # fmt: on


SETTLING = frozenset(phase for phase in Phase if phase.settles)
