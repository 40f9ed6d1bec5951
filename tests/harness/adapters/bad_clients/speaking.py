"""The little that a client program for these tests needs of the protocol."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any


def say(**message: Any) -> None:
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def report(phase: str, **more: Any) -> None:
    say(method="status", params={"operation": "license_acquisition", "phase": phase, **more})


def calls() -> Iterator[dict[str, Any]]:
    """What the harness sends, message by message."""
    return map(json.loads, sys.stdin)


def answer(call: dict[str, Any], result: Any = None) -> None:
    say(id=call["id"], result=result)


def answer_initialize(**more: Any) -> dict[str, Any]:
    """Answer the first call, and what it said; ``rights`` need not be answered then."""
    call = next(calls())
    answer(call, {"name": "bad client", "capabilities": ["status", "outcome"], **more})
    setup: dict[str, Any] = call["params"]["setup"]
    return setup
