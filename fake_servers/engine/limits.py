"""What a client can cost the fake servers at most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep a bad client from hurting the machine.

    Attributes:
        body_bytes: Of a request's body; a longer one is answered 413.
        line_bytes: Of a request's first line, and of each of its header lines; a longer one is answered 400.
        connections: Open at once in a session; a further one is closed as soon as it is accepted.
        shared_connections: Open at once on the shared port, over all sessions.
        keep_alive_s: How long a connection may stay idle.
        drain_s: What a closing session grants for bytes that are still on their way.
    """

    body_bytes: int = 1_000_000
    line_bytes: int = 8190
    connections: int = 256
    shared_connections: int = 1024
    keep_alive_s: float = 75.0
    drain_s: float = 1.0
