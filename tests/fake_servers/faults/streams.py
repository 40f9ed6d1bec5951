"""Byte faults without a network: feed a stream, collect its actions, add up what was sent."""

from collections.abc import Iterable
from random import Random

from hypothesis import strategies as st

from fake_servers.faults.base import END, Action, ByteFault, Fin, Reset, Send, Silence, Wait

REPLY = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n"
    b'{"keys":[],"type":"temp"}'
)  # fmt: skip
HEAD = REPLY.index(b"\r\n\r\n") + 4

CHUNKINGS = [
    [REPLY],
    [REPLY[: len(REPLY) // 2], REPLY[len(REPLY) // 2 :]],
    [REPLY[:HEAD], REPLY[HEAD:]],
    [REPLY[i : i + 1] for i in range(len(REPLY))],
]
"""One reply as a server may write it: whole, in two pieces, head and body apart, byte by byte."""


def play(fault: ByteFault, chunks: Iterable[bytes], seed: int = 7) -> list[Action]:
    """The actions for one whole reply, up to the first that ends it."""
    stream = fault.stream(Random(seed))
    actions: list[Action] = []
    for chunk in [*(chunk for chunk in chunks if chunk), END]:
        for action in stream.feed(chunk):
            actions.append(action)
            if isinstance(action, Reset | Fin | Silence):
                return actions
    return actions


def sent(actions: Iterable[Action]) -> bytes:
    """All bytes that were let through."""
    return b"".join(action.data for action in actions if isinstance(action, Send))


def outline(actions: Iterable[Action]) -> list[int | Action]:
    """Actions with each run of sends written as its number of bytes: the same for every chunking."""
    merged: list[int | Action] = []
    for action in actions:
        if not isinstance(action, Send):
            merged.append(action)
        elif merged and isinstance(merged[-1], int):
            merged[-1] += len(action.data)
        else:
            merged.append(len(action.data))
    return merged


def ends(actions: list[Action]) -> Action | None:
    """What ended the reply, if a fault did."""
    return actions[-1] if actions and not isinstance(actions[-1], Send | Wait) else None


@st.composite
def chunked(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """``data`` in pieces, cut at random places."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    return [data[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(data)], strict=True)]
