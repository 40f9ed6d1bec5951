"""How long a client waits before slow looks like gone."""

from fake_servers.faults.base import Presentation

CLIENT_PATIENCE_S = 30.0
"""The longest time limit that web players set by default on a license request (shaka-player's, for the whole request)."""


def slow_or_silent(seconds: float) -> Presentation:
    """What a pause of so many seconds presents as."""
    return Presentation.SLOW if seconds < CLIENT_PATIENCE_S else Presentation.SILENCE
