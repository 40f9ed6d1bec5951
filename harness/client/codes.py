"""Which result code rides on a settling status: one table an operation, and one for what is common to all."""

from __future__ import annotations

from harness.status.code import Code, code_named
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason

_O = Operation

# fmt: off
SUCCESS = {
    _O.INDIVIDUALIZATION:   "NS_S_DRM_INDIVIDUALIZED",
    _O.LICENSE_ACQUISITION: "NS_S_DRM_LICENSE_ACQUIRED",
    _O.LICENSE_REVOCATION:  "S_OK",
    _O.LICENSE_BACKUP:      "S_OK",
    _O.LICENSE_RESTORE:     "S_OK",
}
CANCEL = {
    _O.INDIVIDUALIZATION:   "NS_E_DRM_OPERATION_CANCELED",
    _O.LICENSE_ACQUISITION: "NS_S_DRM_ACQUIRE_CANCELLED",
    _O.LICENSE_REVOCATION:  "NS_E_DRM_OPERATION_CANCELED",
    _O.LICENSE_BACKUP:      "NS_E_DRM_OPERATION_CANCELED",
    _O.LICENSE_RESTORE:     "NS_E_DRM_OPERATION_CANCELED",
}
FAILURE = {
    Reason.NEEDS_INDIVIDUALIZATION: "NS_E_DRM_NEEDS_INDIVIDUALIZATION",
    Reason.INTERACTION_REQUIRED:    "NS_E_DRM_LICENSE_NOTACQUIRED",
    Reason.CLIENT_TOO_OLD:          "NS_E_DRM_LICENSE_APPSECLOW",
    Reason.LICENSE_DENIED:          "NS_E_DRM_LICENSE_UNAVAILABLE",
    Reason.DEVICE_REVOKED:          "NS_E_DRM_APPCERT_REVOKED",
    Reason.LICENSE_EXPIRED:         "NS_E_DRM_LICENSE_EXPIRED",
    Reason.LICENSE_NOT_YET_VALID:   "NS_E_DRM_LICENSE_NOTENABLED",
    Reason.LICENSE_UNUSABLE:        "NS_E_DRM_INVALID_LICENSE_ACQUIRED",
    Reason.QUOTA_USED_UP:           "NS_E_DRM_INDIV_FRAUD",
    Reason.RESTORE_LIMIT:           "NS_E_DRM_RESTORE_FRAUD",
    Reason.TOO_MANY_RESETS:         "NS_E_BACKUP_RESTORE_TOO_MANY_RESETS",
    Reason.BACKUP_EXISTS:           "NS_E_DRM_BACKUP_EXISTS",
    Reason.BACKUP_CORRUPT:          "NS_E_DRM_BACKUP_CORRUPT",
    Reason.STORAGE_FAILED:          "NS_E_DRM_LICENSE_STORE_SAVE_ERROR",
    Reason.SERVICE_UNAVAILABLE:     "NS_E_DRM_ERROR_BAD_NET_RESP",
    Reason.MAINTENANCE:             "NS_E_DRM_ERROR_BAD_NET_RESP",
}
UNAVAILABLE = {
    _O.INDIVIDUALIZATION: "NS_E_DRM_INDIV_SERVICE_UNAVAILABLE",
    _O.LICENSE_RESTORE:   "NS_E_DRM_RESTORE_SERVICE_UNAVAILABLE",
}
# fmt: on


def code_for(operation: Operation, phase: Phase, reason: Reason | None) -> Code | None:
    """The code of a settling status, or None where the catalogue has none for it."""
    if phase is Phase.SUCCEEDED:
        return code_named("NS_E_DRM_STORE_NOTALLSTORED" if reason is Reason.NOT_ALL_STORED else SUCCESS[operation])
    if phase is Phase.CANCELLED:
        return code_named(CANCEL[operation])
    if reason in (Reason.SERVICE_UNAVAILABLE, Reason.MAINTENANCE) and operation in UNAVAILABLE:
        return code_named(UNAVAILABLE[operation])
    name = FAILURE.get(reason) if reason is not None else None
    return code_named(name) if name else None
