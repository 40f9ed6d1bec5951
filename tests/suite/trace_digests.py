"""Prints the digest of each simulated scenario's trace: ``python -m tests.suite.trace_digests [SEED]``."""

from __future__ import annotations

import sys
from hashlib import sha256
from io import StringIO

from harness.client.reference import ReferenceClient
from harness.trace.jsonl import write_trace
from tests.correct_clients.settling_statuses_only import Client as OverHttpx
from tests.suite.playing import SIMULATED, MakesClient, play, within_promise

CLIENTS: tuple[MakesClient, ...] = (ReferenceClient, OverHttpx)
"""One over aiohttp, one over httpx: each library has its own ways to leak time and chance."""


def digests(seed: int | None = None) -> dict[str, str]:
    """Client and scenario to the SHA-256 of the trace as JSON Lines; the scenario's own seed if none is given."""
    found = {}
    for client in CLIENTS:
        for scenario in within_promise(SIMULATED, client):
            text = StringIO()
            write_trace(play(scenario, client, seed=seed).trace, text)
            found[f"{client().profile.name} {scenario.name}"] = sha256(text.getvalue().encode()).hexdigest()
    return found


if __name__ == "__main__":
    for name, digest in digests(*map(int, sys.argv[1:])).items():
        print(digest, name)
