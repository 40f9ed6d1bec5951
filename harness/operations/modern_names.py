"""What each operation is called today: in W3C Encrypted Media Extensions, Android MediaDrm and PlayReady.

The operations carry the names of the Windows Media Format SDK, which is legacy; these are where a reader of today finds the
same need. Sources: the Encrypted Media Extensions editor's draft, Android's MediaDrm reference, Microsoft's PlayReady documents
and its WinRT reference. "None" means that none was found there.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.status.operation import Operation


@dataclass(frozen=True, slots=True)
class ModernNames:
    """One operation in three of today's APIs; Markdown, one short phrase each."""

    eme: str
    android: str
    playready: str


# fmt: off
MODERN_NAMES: dict[Operation, ModernNames] = {
    Operation.INDIVIDUALIZATION: ModernNames(
        eme="`message` event of type `individualization-request`; or the browser does it unseen",
        android="`NotProvisionedException`, then `getProvisionRequest` and `provideProvisionResponse`",
        playready="`PlayReadyIndividualizationServiceRequest`",
    ),
    Operation.LICENSE_ACQUISITION: ModernNames(
        eme="`generateRequest()`, `license-request` and `update()`; later `license-renewal`",
        android="`getKeyRequest` with `KEY_TYPE_STREAMING` or `KEY_TYPE_OFFLINE`, then `provideKeyResponse`",
        playready="`PlayReadyLicenseAcquisitionServiceRequest`; non-silent: `GenerateManualEnablingChallenge`",
    ),
    Operation.LICENSE_REVOCATION: ModernNames(
        eme="`remove()`, `license-release`, then `update()` with the acknowledgement",
        android="`getKeyRequest` with `KEY_TYPE_RELEASE`, then `provideKeyResponse`",
        playready="Secure Delete for persistent licenses, Secure Stop for the others",
    ),
    Operation.LICENSE_BACKUP: ModernNames(
        eme="none; nearest is a `persistent-license` session",
        android="none; nearest is `KEY_TYPE_OFFLINE`, whose keys stay on the device",
        playready="none; nearest is a persistent license in the device's own store",
    ),
    Operation.LICENSE_RESTORE: ModernNames(
        eme="`load(sessionId)`, on the same device only",
        android="`restoreKeys`, on the same device only",
        playready="none; nearest is a domain-bound license after `PlayReadyDomainJoinServiceRequest`",
    ),
}
# fmt: on
