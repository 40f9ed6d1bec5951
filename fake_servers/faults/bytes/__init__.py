"""Faults on the bytes of a reply, head included. The service did its work before; the client may not learn of it."""

from fake_servers.faults.bytes.bandwidth import Bandwidth
from fake_servers.faults.bytes.delay import Delay
from fake_servers.faults.bytes.drip import Drip
from fake_servers.faults.bytes.fin_after import FinAfter
from fake_servers.faults.bytes.flip_bits import FlipBits
from fake_servers.faults.bytes.reply_lost import ReplyLost
from fake_servers.faults.bytes.reset_after import ResetAfter
from fake_servers.faults.bytes.stall_after import StallAfter
from fake_servers.faults.bytes.tiny_segments import TinySegments
from fake_servers.faults.bytes.truncate import Truncate

__all__ = [
    "Bandwidth",
    "Delay",
    "Drip",
    "FinAfter",
    "FlipBits",
    "ReplyLost",
    "ResetAfter",
    "StallAfter",
    "TinySegments",
    "Truncate",
]
