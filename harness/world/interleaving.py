"""Another order for what is ready at the same moment, drawn from a seed: finds programs that rest on an order by chance.

asyncio promises that ``call_soon`` callbacks run in the order in which they were given. A program may rely on that, so this is
an option for hunting races and never the rule. What one task, transport or other object was promised stays in its order;
so do all callbacks that belong to no object, as one more row.
"""

from __future__ import annotations

import asyncio
from collections import deque
from random import Random
from types import ModuleType


class Interleaving:
    """Shuffles turns of a loop.

    Args:
        rng: The same seed, the same orders.
    """

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def shuffle(self, ready: deque[asyncio.Handle]) -> None:
        """Put what is ready into another order, in place: every merge of the owners' rows is as likely as any other."""
        rows: dict[int, deque[asyncio.Handle]] = {}
        turns = []
        for handle in ready:
            owner = id(_owner(handle))  # all of them are alive now, so no two share it
            rows.setdefault(owner, deque()).append(handle)
            turns.append(owner)
        if len(rows) > 1:
            self._rng.shuffle(turns)
            ready.clear()
            ready.extend(rows[owner].popleft() for owner in turns)


def _owner(handle: asyncio.Handle) -> object:
    """The object whose method is called: a task for each of its steps. A handle knows only its private callback."""
    owner = getattr(getattr(handle, "_callback", None), "__self__", None)
    return None if isinstance(owner, ModuleType) else owner
