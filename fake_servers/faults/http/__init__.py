"""Faults that put another HTTP reply in place of the service's, or change it."""

from fake_servers.faults.http.bad_chunk import BadChunk
from fake_servers.faults.http.bad_gzip import BadGzip
from fake_servers.faults.http.captive_portal import CaptivePortal
from fake_servers.faults.http.challenge import Challenge
from fake_servers.faults.http.cross_origin_redirect import CrossOriginRedirect
from fake_servers.faults.http.downgrade_redirect import DowngradeRedirect
from fake_servers.faults.http.duplicate_reply import DuplicateReply
from fake_servers.faults.http.gzip_bomb import GzipBomb
from fake_servers.faults.http.interim_flood import InterimFlood
from fake_servers.faults.http.malformed_reply import MalformedReply
from fake_servers.faults.http.missing_content_length import MissingContentLength
from fake_servers.faults.http.missing_cors import MissingCors
from fake_servers.faults.http.odd_retry_after import OddRetryAfter
from fake_servers.faults.http.oversize_body import OversizeBody
from fake_servers.faults.http.redirect_chain import RedirectChain
from fake_servers.faults.http.redirect_loop import RedirectLoop
from fake_servers.faults.http.retry_after import RetryAfter
from fake_servers.faults.http.skewed_date import SkewedDate
from fake_servers.faults.http.status import Status
from fake_servers.faults.http.unsolicited_reply import UnsolicitedReply
from fake_servers.faults.http.wrong_content_length import WrongContentLength
from fake_servers.faults.http.wrong_content_type import WrongContentType

__all__ = [
    "BadChunk",
    "BadGzip",
    "CaptivePortal",
    "Challenge",
    "CrossOriginRedirect",
    "DowngradeRedirect",
    "DuplicateReply",
    "GzipBomb",
    "InterimFlood",
    "MalformedReply",
    "MissingContentLength",
    "MissingCors",
    "OddRetryAfter",
    "OversizeBody",
    "RedirectChain",
    "RedirectLoop",
    "RetryAfter",
    "SkewedDate",
    "Status",
    "UnsolicitedReply",
    "WrongContentLength",
    "WrongContentType",
]
