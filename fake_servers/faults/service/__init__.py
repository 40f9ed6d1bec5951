"""Faults in what the service decides. The reply is well-formed; each fault says whether the service acted."""

from fake_servers.faults.service.backup_corrupt import BackupCorrupt
from fake_servers.faults.service.client_too_old import ClientTooOld
from fake_servers.faults.service.clock_skew import ClockSkew
from fake_servers.faults.service.daily_quota import DailyQuota
from fake_servers.faults.service.denied import Denied
from fake_servers.faults.service.expired import Expired
from fake_servers.faults.service.maintenance import Maintenance
from fake_servers.faults.service.needs_individualization import NeedsIndividualization
from fake_servers.faults.service.not_yet_valid import NotYetValid
from fake_servers.faults.service.partial_revocation_list import PartialRevocationList
from fake_servers.faults.service.replayed_reply import ReplayedReply
from fake_servers.faults.service.restore_limit import RestoreLimit
from fake_servers.faults.service.revoked import Revoked
from fake_servers.faults.service.stale_nonce import StaleNonce
from fake_servers.faults.service.too_many_resets import TooManyResets
from fake_servers.faults.service.wrong_content import WrongContent
from fake_servers.faults.service.wrong_key import WrongKey

__all__ = [
    "BackupCorrupt",
    "ClientTooOld",
    "ClockSkew",
    "DailyQuota",
    "Denied",
    "Expired",
    "Maintenance",
    "NeedsIndividualization",
    "NotYetValid",
    "PartialRevocationList",
    "ReplayedReply",
    "RestoreLimit",
    "Revoked",
    "StaleNonce",
    "TooManyResets",
    "WrongContent",
    "WrongKey",
]
