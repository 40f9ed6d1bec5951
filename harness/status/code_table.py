"""The result codes of the five operations: one row a code.

Names and values are those of nserror.h and winerror.h. What a code means, what to do about it and how it ends an
operation is said in our own words, after the message texts in the Windows Media Format SDK's list of error codes and,
where these are silent, by our own judgement.
"""

from harness.status.advice import Advice
from harness.status.ending import Ending

Row = tuple[str, int, Ending, Advice, str]

NOW, LATER, NOT_TODAY = Advice.RETRY_NOW, Advice.RETRY_LATER, Advice.NOT_TODAY
STEP, NEVER, NOTHING = Advice.AFTER_ANOTHER_STEP, Advice.NEVER, Advice.NOTHING
SUCCEEDED, CANCELLED = Ending.SUCCEEDED, Ending.CANCELLED
FAILED, UNDECIDED = Ending.FAILED, Ending.UNDECIDED

# fmt: off
INDIVIDUALIZATION: tuple[Row, ...] = (
    ("NS_S_DRM_INDIVIDUALIZED",                       0x000D2727, SUCCEEDED, NOTHING,
     "the security upgrade is complete"),
    # Success by its value, and yet nothing has been done.
    ("NS_S_DRM_NEEDS_INDIVIDUALIZATION",              0x000D27DE, UNDECIDED, STEP,
     "a security upgrade is needed first"),
    ("NS_E_DRM_NEEDS_INDIVIDUALIZATION",              0xC00D2728, FAILED,    STEP,
     "refused until this device has had a security upgrade"),
    # A failure by its value, and yet the goal is met: nobody's operation failed, and this one did not succeed.
    ("NS_E_DRM_ALREADY_INITIALIZED",                  0xC00D2729, UNDECIDED, NOTHING,
     "the newest security upgrade is already installed"),
    # Busy: speaks of the second start, and leaves the upgrade that is running as it was.
    ("NS_E_DRM_INDIVIDUALIZING",                      0xC00D272C, UNDECIDED, LATER,
     "another security upgrade is still running"),
    ("NS_E_DRM_UNABLE_TO_CREATE_INDI_OBJECT",         0xC00D2731, FAILED,    NEVER,
     "the DRM component cannot start a security upgrade; ask support"),
    ("NS_E_DRM_INDIVIDUALIZE_ERROR",                  0xC00D2736, FAILED,    LATER,
     "the security upgrade failed"),
    ("NS_E_DRM_INDIVIDUALIZATION_INCOMPLETE",         0xC00D274C, FAILED,    LATER,
     "the security upgrade stopped part-way"),
    # The step is support's; a user may also download once more, but a client must not loop over a bad signature.
    ("NS_E_DRM_SECURITY_COMPONENT_SIGNATURE_INVALID", 0xC00D2760, FAILED,    STEP,
     "the downloaded security upgrade does not carry a valid signature"),
    ("NS_E_DRM_POLICY_DISABLE_ONLINE",                0xC00D2762, FAILED,    NEVER,
     "this computer's policy forbids DRM to use the Internet"),
    ("NS_E_DRM_STORE_NEEDINDI",                       0xC00D27DB, FAILED,    STEP,
     "the license cannot be stored before a security upgrade"),
    ("NS_E_DRM_BUSY",                                 0xC00D2841, FAILED,    LATER,
     "another application or user holds the DRM component"),
    ("NS_E_DRM_INDIV_FRAUD",                          0xC00D2843, FAILED,    NOT_TODAY,
     "today's security upgrades for this device are used up"),
    ("NS_E_DRM_INDIV_NO_CABS",                        0xC00D2844, FAILED,    LATER,
     "the service has no security upgrade to give at present"),
    ("NS_E_DRM_INDIV_SERVICE_UNAVAILABLE",            0xC00D2845, FAILED,    LATER,
     "the security upgrade service is not available"),
)

LICENSE_ACQUISITION: tuple[Row, ...] = (
    ("NS_S_DRM_LICENSE_ACQUIRED",                     0x000D2726, SUCCEEDED, NOTHING,
     "the license has arrived"),
    # Both are successes by their value: the old trap. A cancelled operation never succeeded.
    ("NS_S_DRM_MONITOR_CANCELLED",                    0x000D2746, CANCELLED, NOTHING,
     "waiting for the license was cancelled"),
    ("NS_S_DRM_ACQUIRE_CANCELLED",                    0x000D2747, CANCELLED, NOTHING,
     "getting the license was cancelled"),
    ("NS_E_PROTECTED_CONTENT",                        0xC00D0BBD, FAILED,    NEVER,
     "the content is protected and this application has no DRM"),
    ("NS_E_LICENSE_REQUIRED",                         0xC00D0BBE, FAILED,    STEP,
     "there is no license yet; get one"),
    ("NS_E_TAMPERED_CONTENT",                         0xC00D0BBF, FAILED,    NEVER,
     "the content was changed or damaged; get a new copy"),
    ("NS_E_LICENSE_OUTOFDATE",                        0xC00D0BC0, FAILED,    STEP,
     "the license on this device is out of date; get a new one"),
    ("NS_E_LICENSE_INCORRECT_RIGHTS",                 0xC00D0BC1, FAILED,    STEP,
     "the license does not allow this; get another one"),
    # Before Windows XP this also stood for "no license was given", so the first thing to try is the license page.
    ("NS_E_DRM_LICENSE_STORE_ERROR",                  0xC00D2712, FAILED,    STEP,
     "the license store did not take a license; go through the license page"),
    ("NS_E_DRM_LICENSE_STORE_SAVE_ERROR",             0xC00D2714, FAILED,    NOW,
     "the license could not be saved; get it again"),
    ("NS_E_DRM_UNABLE_TO_OPEN_LICENSE",               0xC00D2717, FAILED,    NOW,
     "the stored license is unreadable; get it again"),
    ("NS_E_DRM_INVALID_LICENSE",                      0xC00D2718, FAILED,    NOW,
     "the stored license is not valid; get it again"),
    ("NS_E_DRM_INVALID_LICENSE_REQUEST",              0xC00D271C, FAILED,    NEVER,
     "the content is damaged, so no license can be asked for"),
    ("NS_E_DRM_UNABLE_TO_ACQUIRE_LICENSE",            0xC00D271E, FAILED,    LATER,
     "no license could be had this time"),
    ("NS_E_DRM_INVALID_LICENSE_ACQUIRED",             0xC00D271F, FAILED,    NOW,
     "the license that arrived is not valid; get it again"),
    ("NS_E_DRM_NO_RIGHTS",                            0xC00D2720, FAILED,    STEP,
     "this is not permitted; rights may be had through the license page"),
    ("NS_E_DRM_ACQUIRING_LICENSE",                    0xC00D272B, UNDECIDED, LATER,  # busy, as above
     "another license is still being acquired"),
    ("NS_E_DRM_MONITOR_ERROR",                        0xC00D273E, FAILED,    LATER,
     "waiting for the license went wrong"),
    ("NS_E_DRM_LICENSE_UNUSABLE",                     0xC00D2748, FAILED,    NEVER,
     "the license is of no use here; ask the content's provider"),
    ("NS_E_DRM_SECURE_STORE_NOT_FOUND",               0xC00D274A, FAILED,    NOW,
     "the secure store is missing; get the license again"),
    # Sent in the manner of a status, under a value of the failure class.
    ("NS_E_DRM_REOPEN_CONTENT",                       0xC00D274F, UNDECIDED, STEP,
     "open the content again to go on"),
    ("NS_E_DRM_APPCERT_REVOKED",                      0xC00D2752, FAILED,    NEVER,
     "this application's DRM certificate is revoked; upgrade the application"),
    ("NS_E_DRM_LICENSE_NOTACQUIRED",                  0xC00D2759, FAILED,    STEP,
     "no license without the user; go through the license page"),
    ("NS_E_DRM_ERROR_BAD_NET_RESP",                   0xC00D275E, FAILED,    LATER,
     "the service gave no usable reply"),
    ("NS_E_DRM_OPERATION_CANCELED",                   0xC00D2768, CANCELLED, NOTHING,
     "the user cancelled the operation"),
    ("NS_E_LICENSE_HEADER_MISSING_URL",               0xC00D277A, FAILED,    NEVER,
     "the content does not say where its license is to be had"),
    ("NS_E_DRM_LICENSE_EXPIRED",                      0xC00D27D8, FAILED,    STEP,
     "the license has expired; renew it"),
    ("NS_E_DRM_LICENSE_NOTENABLED",                   0xC00D27D9, FAILED,    STEP,
     "the license is not valid yet; wait for its start date"),
    ("NS_E_DRM_LICENSE_APPSECLOW",                    0xC00D27DA, FAILED,    NEVER,
     "the license asks for a more secure application"),
    ("NS_E_DRM_LICENSE_CERT_EXPIRED",                 0xC00D27DF, FAILED,    STEP,
     "the license server's certificate has expired, or this device's clock is wrong; set the clock"),
    ("NS_E_DRM_LICENSE_CONTENT_REVOKED",              0xC00D27E1, FAILED,    NEVER,
     "the content's owner has withdrawn it"),
    ("NS_E_DRM_LICENSE_UNAVAILABLE",                  0xC00D28A2, FAILED,    NEVER,
     "there is no license for this use"),
)

# No document ties a code to license revocation: these are the ones that its steps can plausibly meet.
LICENSE_REVOCATION: tuple[Row, ...] = (
    ("NS_E_DRM_BUFFER_TOO_SMALL",                     0xC00D275C, FAILED,    STEP,
     "the buffer is too small; call again with a larger one"),
    ("NS_E_DRM_LICENSE_DELETION_ERROR",               0xC00D284E, FAILED,    NEVER,
     "the license could not be removed; ask support"),
    ("NS_E_DRM_INVALID_CERTIFICATE",                  0xC00D28A0, FAILED,    NOW,
     "the certificate that arrived is not valid; fetch it anew"),
    ("NS_E_DRM_EXPIRED_LICENSEBLOB",                  0xC00D28B3, FAILED,    NOW,
     "the message that arrived is too old; fetch it anew"),
    ("NS_E_DRM_INVALID_LICENSEBLOB",                  0xC00D28B4, FAILED,    NOW,
     "the message that arrived is not valid; fetch it anew"),
)

BACKUP_AND_RESTORE: tuple[Row, ...] = (
    ("NS_E_DRM_INVALID_MACHINE",                      0xC00D2719, FAILED,    STEP,
     "the license belongs to another device; restore a backup here, or get a new license"),
    ("NS_E_BACKUP_RESTORE_FAILURE",                   0xC00D272D, FAILED,    NOW,
     "the licenses could not be restored"),
    ("NS_E_BACKUP_RESTORE_BAD_REQUEST_ID",            0xC00D272E, FAILED,    NOW,
     "the restore service does not know this request; make a fresh one"),
    ("NS_E_DRM_UNABLE_TO_CREATE_BACKUP_OBJECT",       0xC00D2735, FAILED,    NEVER,
     "the DRM component cannot start a backup; ask support"),
    ("NS_E_DRM_BACKUP_EXISTS",                        0xC00D2742, FAILED,    STEP,
     "a backup is already there; overwrite it or choose another place"),
    ("NS_E_DRM_BACKUP_CORRUPT",                       0xC00D2743, FAILED,    NEVER,
     "the backup is incomplete or damaged; use another one"),
    ("NS_E_DRM_BACKUPRESTORE_BUSY",                   0xC00D2744, UNDECIDED, LATER,  # busy, as above
     "another backup or restore is still running"),
    ("NS_E_BACKUP_RESTORE_BAD_DATA",                  0xC00D2745, FAILED,    NOW,
     "the restore service received bad data; one more try is worth it"),
    ("NS_E_DRM_RESTORE_FRAUD",                        0xC00D2753, FAILED,    NEVER,
     "this user may not restore these licenses; ask their distributor"),
    # Part of the licenses are here, and a computer that restores again does not use up another restore.
    ("NS_E_DRM_STORE_NOTALLSTORED",                   0xC00D275F, UNDECIDED, LATER,
     "some of the licenses could not be stored"),
    ("NS_E_BACKUP_RESTORE_TOO_MANY_RESETS",           0xC00D2766, FAILED,    LATER,
     "this restore began anew too often; start another one"),
    ("NS_E_DRM_CHECKPOINT_FAILED",                    0xC00D277F, FAILED,    STEP,
     "the secure store is damaged; restore a backup, then try again"),
    ("NS_E_DRM_RESTORE_SERVICE_UNAVAILABLE",          0xC00D2846, FAILED,    LATER,
     "the restore service is not available"),
)

# WinINet's errors 12002 … 12165 as HRESULTs (0x8007 and the number). Whether WMDRM passes them on is not documented.
# Cut off on the way: at once. Never got there: later.
TRANSPORT: tuple[Row, ...] = (
    ("NS_E_SERVER_NOT_FOUND",                         0xC00D0035, FAILED,    LATER,
     "the server could not be found"),
    ("WININET_E_TIMEOUT",                             0x80072EE2, FAILED,    LATER,
     "the server did not answer in time"),
    ("WININET_E_NAME_NOT_RESOLVED",                   0x80072EE7, FAILED,    LATER,
     "the server's name could not be resolved"),
    ("WININET_E_OPERATION_CANCELLED",                 0x80072EF1, CANCELLED, NOTHING,
     "the request was cancelled"),
    ("WININET_E_CANNOT_CONNECT",                      0x80072EFD, FAILED,    LATER,
     "no connection to the server could be made"),
    ("WININET_E_CONNECTION_ABORTED",                  0x80072EFE, FAILED,    NOW,
     "the connection to the server ended early"),
    ("WININET_E_CONNECTION_RESET",                    0x80072EFF, FAILED,    NOW,
     "the connection to the server was reset"),
    ("WININET_E_FORCE_RETRY",                         0x80072F00, FAILED,    NOW,
     "the request must be sent again"),
    ("WININET_E_DISCONNECTED",                        0x80072F83, FAILED,    LATER,
     "this device has lost its network"),
    ("WININET_E_PROXY_SERVER_UNREACHABLE",            0x80072F85, FAILED,    LATER,
     "the proxy cannot be reached"),
)

# The usual values of winerror.h; the SDK's own list prints those of 16-bit days.
GENERIC: tuple[Row, ...] = (
    # As an operation's last word. From a call that returns at once it only says that the operation began.
    ("S_OK",                                          0x00000000, SUCCEEDED, NOTHING,
     "it worked"),
    ("E_NOTIMPL",                                     0x80004001, FAILED,    NEVER,
     "this is not implemented here"),
    ("E_POINTER",                                     0x80004003, FAILED,    NEVER,
     "the application passed an invalid pointer"),
    ("E_FAIL",                                        0x80004005, FAILED,    LATER,
     "it failed for a reason not given"),
    ("E_UNEXPECTED",                                  0x8000FFFF, FAILED,    LATER,
     "it failed in a way nobody foresaw"),
    ("E_OUTOFMEMORY",                                 0x8007000E, FAILED,    LATER,
     "there is not enough memory"),
    ("E_INVALIDARG",                                  0x80070057, FAILED,    NEVER,
     "the application passed an invalid argument"),
)
# fmt: on

ROWS: tuple[Row, ...] = (
    *INDIVIDUALIZATION,
    *LICENSE_ACQUISITION,
    *LICENSE_REVOCATION,
    *BACKUP_AND_RESTORE,
    *TRANSPORT,
    *GENERIC,
)
