"""Whether a run can be repeated: the same scenario with the same seed, played again, gives the same trace, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from fake_servers.errors import FakeServerError
from harness.adapters.protocol import ClientUnderTest
from harness.errors import HarnessError
from harness.runner.run import play
from harness.trace.jsonl import line_of
from harness.trace.trace import Trace

ENDED = "(the run has ended)"


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where two runs of one seed part.

    Attributes:
        where: ``entry 12``, or ``head``.
        first: The line of the first trace, as JSON.
        second: The line of the second.
        differs: What of it differs, as dotted paths; empty if one of them has no such entry.
    """

    where: str
    first: str
    second: str
    differs: tuple[str, ...]


def diverges(trace: Trace, client: Callable[[], ClientUnderTest]) -> Divergence | None:
    """Play a simulated run again as its trace's head tells, with a fresh client; None if no byte differs.

    A second run that cannot be played at all, when the first could, has diverged as well.
    """
    head = trace.head
    try:
        again = play(
            head.scenario,
            client,
            client_name=head.client,
            adapter=head.adapter,
            network="simulated",
            seed=head.seed,
            tier=head.tier,
            interleave=head.interleave,
        )
    except (HarnessError, FakeServerError) as error:
        return Divergence("the second run", "played to its end", f"could not be played: {error}", ())
    return divergence(trace, again)


def divergence(first: Trace, second: Trace) -> Divergence | None:
    """The first line in which two traces differ; None if there is none."""
    if (one := line_of(first.head)) != (other := line_of(second.head)):
        return _at("head", one, other)
    for n, (one, other) in enumerate(zip_longest(map(line_of, first.entries), map(line_of, second.entries), fillvalue=ENDED)):
        if one != other:
            return _at(f"entry {n}", one, other)
    return None


def _at(where: str, one: str, other: str) -> Divergence:
    paths = () if ENDED in (one, other) else tuple(_differing((), json.loads(one), json.loads(other)))
    return Divergence(where, one, other, paths)


def _differing(place: tuple[str, ...], one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from _differing((*place, key), one.get(key), other.get(key))
    elif one != other:
        yield ".".join(place)
