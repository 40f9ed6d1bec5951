"""Faults in what the service decides. The reply is well-formed; each fault says whether the service acted."""

from fake_servers.faults.service.denied import Denied
from fake_servers.faults.service.expired import Expired
from fake_servers.faults.service.maintenance import Maintenance
from fake_servers.faults.service.needs_individualization import NeedsIndividualization
from fake_servers.faults.service.restore_limit import RestoreLimit
from fake_servers.faults.service.revoked import Revoked
from fake_servers.faults.service.wrong_key import WrongKey

__all__ = ["Denied", "Expired", "Maintenance", "NeedsIndividualization", "RestoreLimit", "Revoked", "WrongKey"]
