"""How requests and decisions look on the wire, one format a file. Importing this package registers the house's own."""

from fake_servers.dialects.base import DIALECTS
from fake_servers.dialects.clearkey import ClearKey
from fake_servers.dialects.wmdrm import Wmdrm

__all__ = ["DIALECTS", "ClearKey", "Wmdrm"]
