"""Prints the digest of each simulated run's trace, with several seeds: ``python -m tests.suite.trace_digests [SEED ...]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from hashlib import sha256
from io import StringIO

from harness.client.reference import ReferenceClient
from harness.trace.jsonl import write_trace
from tests.correct_clients.settling_statuses_only import Client as OverHttpx
from tests.suite.playing import SIMULATED, MakesClient, play, within_promise

SEEDS = (0, 1)
CLIENTS: tuple[tuple[MakesClient, int], ...] = ((ReferenceClient, 2), (OverHttpx, 1))
"""One over aiohttp, one over httpx, since each library has its own ways to leak time and chance; and with how many seeds."""


def digests(seeds: Sequence[int] = SEEDS) -> dict[str, str]:
    """Client, scenario and seed to the SHA-256 of the trace as JSON Lines."""
    found = {}
    for client, most in CLIENTS:
        for seed in seeds[:most]:
            for scenario in within_promise(SIMULATED, client):
                text = StringIO()
                write_trace(play(scenario, client, seed=seed).trace, text)
                found[f"{client().profile.name} {scenario.name} {seed}"] = sha256(text.getvalue().encode()).hexdigest()
    return found


if __name__ == "__main__":
    for name, digest in digests(tuple(map(int, sys.argv[1:])) or SEEDS).items():
        print(digest, name)
