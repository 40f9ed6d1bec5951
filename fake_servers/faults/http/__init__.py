"""Faults that put another HTTP reply in place of the service's, or change it."""

from fake_servers.faults.http.captive_portal import CaptivePortal
from fake_servers.faults.http.malformed_reply import MalformedReply
from fake_servers.faults.http.missing_cors import MissingCors
from fake_servers.faults.http.oversize_body import OversizeBody
from fake_servers.faults.http.redirect_loop import RedirectLoop
from fake_servers.faults.http.retry_after import RetryAfter
from fake_servers.faults.http.status import Status
from fake_servers.faults.http.wrong_content_type import WrongContentType

__all__ = [
    "CaptivePortal",
    "MalformedReply",
    "MissingCors",
    "OversizeBody",
    "RedirectLoop",
    "RetryAfter",
    "Status",
    "WrongContentType",
]
