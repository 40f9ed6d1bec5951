"""The paths of the services."""

from __future__ import annotations

from fake_servers.faults.script import SERVICE_OF, Service
from fake_servers.services.decision import Exchange

# fmt: off
PATHS: dict[Exchange, str] = {
    Exchange.INDIVIDUALIZATION: "/individualization",
    Exchange.LICENSE:           "/license",
    Exchange.MONITOR:           "/license/monitor",
    Exchange.REVOCATION:        "/revocation",
    Exchange.ACKNOWLEDGEMENT:   "/revocation/acknowledgement",
    Exchange.RELEASE:           "/revocation/release",
    Exchange.BACKUP:            "/backup",
    Exchange.RESTORE:           "/backup/restore",
}
# fmt: on
EXCHANGE_AT = {path: exchange for exchange, path in PATHS.items()}

PAGE = "/license/page/"
"""Before the token of a page that a user completes; no fault ever stands in a user's way."""

HOP = "hop"
"""The query parameter by which a redirect's next address is told from the first."""


def service_at(path: str) -> Service | None:
    """The service that ``path`` belongs to, if it belongs to any."""
    if path in EXCHANGE_AT:
        return SERVICE_OF[EXCHANGE_AT[path]]
    return "license" if path.startswith(PAGE) else None
