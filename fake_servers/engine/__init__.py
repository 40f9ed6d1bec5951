"""From a port to a reply: listeners, connections, sessions, and the player of faults; no wire format, no decision."""
