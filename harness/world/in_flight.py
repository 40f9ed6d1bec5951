"""Whether a client has anything under way with the services, seen from the services' side."""

from __future__ import annotations

from fake_servers.journal import ConnectionClosed, ConnectionOpened, ReplySent, RequestReceived
from harness.trace.entry import Entry


class InFlight:
    """Hears a run's entries and knows which connections are at work.

    A connection is at work from its opening until a reply has gone out whole. One that never got such a reply is at work until
    it is closed, since its client may still hope.
    """

    def __init__(self) -> None:
        self._at_work: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._at_work)

    def hear(self, entry: Entry) -> None:
        """One more entry."""
        match entry.what:
            case ConnectionOpened(connection=number) | RequestReceived(connection=number):
                self._at_work.add(number)
            case ReplySent(connection=number, complete=True) | ConnectionClosed(connection=number):
                self._at_work.discard(number)
