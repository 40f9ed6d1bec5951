"""The reasons: a closed list of what can go wrong, what to do about each, and which a fault allows an honest client to name."""

from __future__ import annotations

from enum import StrEnum

from fake_servers.faults.base import Presentation
from harness.status.advice import Advice


class Reason(StrEnum):
    """What went wrong (or was left out). The value is the word used in YAML, traces and the stdio protocol."""

    meaning: str
    advice: Advice

    def __new__(cls, word: str, meaning: str, advice: Advice) -> Reason:
        member = str.__new__(cls, word)
        member._value_ = word
        member.meaning = meaning
        member.advice = advice
        return member

    # fmt: off
    # the network
    NAME_NOT_RESOLVED       = "name_not_resolved", "the service's name could not be resolved", Advice.RETRY_LATER
    CONNECTION_REFUSED      = "connection_refused", "the service's port refused the connection", Advice.RETRY_LATER
    CONNECTION_LOST         = "connection_lost", "the connection broke before the reply was whole", Advice.RETRY_NOW
    TIMED_OUT               = "timed_out", "no answer came in time", Advice.RETRY_NOW
    TLS_UNTRUSTED           = "tls_untrusted", "the service's certificate cannot be trusted", Advice.RETRY_LATER
    TLS_FAILED              = "tls_failed", "no secure connection could be made", Advice.RETRY_LATER
    # HTTP
    SERVICE_UNAVAILABLE     = "service_unavailable", "the service cannot answer now", Advice.RETRY_LATER
    RATE_LIMITED            = "rate_limited", "the service asks for fewer requests", Advice.RETRY_LATER
    REQUEST_REFUSED         = "request_refused", "the service refused the request as sent", Advice.NEVER
    TOO_MANY_REDIRECTS      = "too_many_redirects", "the service sent the client in a circle", Advice.RETRY_LATER
    UNREADABLE_REPLY        = "unreadable_reply", "the reply is not what the protocol says", Advice.RETRY_LATER
    REPLY_TOO_LARGE         = "reply_too_large", "the reply is larger than any honest one", Advice.RETRY_LATER
    # the service's decisions
    NEEDS_INDIVIDUALIZATION = "needs_individualization", "the device must be individualized first", Advice.AFTER_ANOTHER_STEP
    CLIENT_TOO_OLD          = "client_too_old", "this application must be updated first", Advice.AFTER_ANOTHER_STEP
    INTERACTION_REQUIRED    = "interaction_required", "a page must be completed by the user", Advice.AFTER_ANOTHER_STEP
    LICENSE_DENIED          = "license_denied", "the service does not grant it", Advice.NEVER
    DEVICE_REVOKED          = "device_revoked", "this device or application has been revoked", Advice.NEVER
    LICENSE_EXPIRED         = "license_expired", "the license has expired", Advice.RETRY_LATER
    LICENSE_NOT_YET_VALID   = "license_not_yet_valid", "the license is not valid yet", Advice.RETRY_LATER
    LICENSE_UNUSABLE        = "license_unusable", "the license that arrived does not open the content", Advice.RETRY_LATER
    REPLAYED_REQUEST        = "replayed_request", "the service has seen this request before", Advice.RETRY_NOW
    QUOTA_USED_UP           = "quota_used_up", "the day's quota is used up", Advice.NOT_TODAY
    RESTORE_LIMIT           = "restore_limit", "these licenses were restored to too many computers", Advice.NEVER
    NOTHING_TO_RESTORE      = "nothing_to_restore", "the service knows no such backup", Advice.NEVER
    TOO_MANY_RESETS         = "too_many_resets", "this restore began anew too often", Advice.RETRY_LATER
    MAINTENANCE             = "maintenance", "the service is being maintained", Advice.RETRY_LATER
    # this device
    STORAGE_FAILED          = "storage_failed", "the device could not store it", Advice.RETRY_NOW
    BACKUP_EXISTS           = "backup_exists", "a backup exists in that place", Advice.AFTER_ANOTHER_STEP
    BACKUP_CORRUPT          = "backup_corrupt", "the backup is damaged", Advice.NEVER
    NOT_SUPPORTED           = "not_supported", "this client cannot do it", Advice.NEVER
    BUSY                    = "busy", "one of this kind is running already", Advice.RETRY_LATER
    URL_UNTRUSTED           = "url_untrusted", "the license address is not signed", Advice.AFTER_ANOTHER_STEP
    URL_TAMPERED            = "url_tampered", "the license address has been changed", Advice.AFTER_ANOTHER_STEP
    # the user
    CONSENT_REFUSED         = "consent_refused", "the user did not agree", Advice.AFTER_ANOTHER_STEP
    CANCELLED_BY_USER       = "cancelled_by_user", "the user stopped it", Advice.RETRY_NOW
    PAGE_NOT_COMPLETED      = "page_not_completed", "the page was not completed in time", Advice.RETRY_NOW
    # it worked, in part
    LICENSES_RESTRICTED     = "licenses_restricted", "some licenses may not be backed up", Advice.NOTHING
    NOT_ALL_STORED          = "not_all_stored", "some licenses could not be restored", Advice.NOTHING
    # a client that cannot tell
    UNKNOWN                 = "unknown", "the client cannot tell what went wrong", Advice.RETRY_LATER
    # fmt: on

    @property
    def retryable(self) -> bool:
        """Whether a user may be offered to try the operation again as it stands."""
        return self.advice.retryable


_R = Reason

# fmt: off
HONEST_REASONS: dict[Presentation, frozenset[Reason]] = {
    Presentation.HARMLESS:                frozenset(),
    # Bytes that break off look alike to a caller whether a reset, a close or a cut handshake ended them.
    Presentation.CONNECTION_REFUSED:      frozenset({_R.CONNECTION_REFUSED, _R.CONNECTION_LOST}),
    Presentation.SILENCE:                 frozenset({_R.TIMED_OUT, _R.CONNECTION_LOST}),
    Presentation.CONNECTION_LOST:         frozenset({_R.CONNECTION_LOST, _R.UNREADABLE_REPLY}),
    Presentation.SLOW:                    frozenset({_R.TIMED_OUT, _R.CONNECTION_LOST}),
    Presentation.CORRUPTED:               frozenset({_R.UNREADABLE_REPLY, _R.LICENSE_UNUSABLE, _R.CONNECTION_LOST}),
    Presentation.UNTRUSTED_CERTIFICATE:   frozenset({_R.TLS_UNTRUSTED, _R.TLS_FAILED}),
    Presentation.HANDSHAKE_BROKEN:        frozenset({_R.TLS_FAILED, _R.CONNECTION_LOST}),
    Presentation.SERVER_ERROR:            frozenset({_R.SERVICE_UNAVAILABLE, _R.TIMED_OUT}),  # 504 says so
    Presentation.UNAVAILABLE:             frozenset({_R.SERVICE_UNAVAILABLE, _R.MAINTENANCE, _R.TIMED_OUT}),  # 408 says so
    Presentation.RATE_LIMITED:            frozenset({_R.RATE_LIMITED, _R.SERVICE_UNAVAILABLE}),
    Presentation.REQUEST_REFUSED:         frozenset({_R.REQUEST_REFUSED, _R.LICENSE_DENIED}),
    Presentation.REDIRECTED:              frozenset({_R.TOO_MANY_REDIRECTS, _R.UNREADABLE_REPLY}),
    Presentation.NOT_A_LICENSE_REPLY:     frozenset({_R.UNREADABLE_REPLY}),
    Presentation.IRREGULAR:               frozenset({_R.UNREADABLE_REPLY, _R.CONNECTION_LOST, _R.TIMED_OUT}),
    Presentation.LOGIN_REQUIRED:          frozenset({_R.REQUEST_REFUSED, _R.LICENSE_DENIED, _R.CONNECTION_LOST}),
    Presentation.TOO_LARGE:               frozenset({_R.REPLY_TOO_LARGE, _R.UNREADABLE_REPLY, _R.TIMED_OUT}),
    Presentation.NEEDS_INDIVIDUALIZATION: frozenset({_R.NEEDS_INDIVIDUALIZATION}),
    Presentation.CLIENT_TOO_OLD:          frozenset({_R.CLIENT_TOO_OLD, _R.LICENSE_DENIED}),
    Presentation.DENIED:                  frozenset({_R.LICENSE_DENIED}),
    Presentation.REVOKED:                 frozenset({_R.DEVICE_REVOKED, _R.LICENSE_DENIED}),
    Presentation.EXPIRED:                 frozenset({_R.LICENSE_EXPIRED, _R.LICENSE_UNUSABLE}),
    Presentation.NOT_YET_VALID:           frozenset({_R.LICENSE_NOT_YET_VALID, _R.LICENSE_UNUSABLE}),
    Presentation.WRONG_KEY:               frozenset({_R.LICENSE_UNUSABLE}),
    Presentation.WRONG_CONTENT:           frozenset({_R.LICENSE_UNUSABLE, _R.UNREADABLE_REPLY}),
    Presentation.REPLAYED_REPLY:          frozenset({_R.UNREADABLE_REPLY, _R.LICENSE_UNUSABLE}),
    Presentation.STALE_NONCE:             frozenset({_R.REPLAYED_REQUEST}),
    Presentation.PARTIAL_LIST:            frozenset({_R.UNREADABLE_REPLY}),
    Presentation.QUOTA_USED_UP:           frozenset({_R.QUOTA_USED_UP}),
    Presentation.RESTORE_LIMIT:           frozenset({_R.RESTORE_LIMIT}),
    Presentation.BACKUP_CORRUPT:          frozenset({_R.BACKUP_CORRUPT, _R.NOTHING_TO_RESTORE}),
    Presentation.TOO_MANY_RESETS:         frozenset({_R.TOO_MANY_RESETS, _R.SERVICE_UNAVAILABLE}),
    Presentation.MAINTENANCE:             frozenset({_R.MAINTENANCE, _R.SERVICE_UNAVAILABLE}),
}
# fmt: on
