"""Every fault's example, met by a plain socket on loopback and by asyncio's streams on the simulated network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from tests.fake_servers.proofs.probe import PATIENCE_S
from tests.fidelity.promised import PROMISED
from tests.fidelity.signature import Seen, seen_by_socket, seen_by_streams
from tests.networks.client_programs import TIME_LIMIT_S, Request
from tests.networks.fault_parity import Case, cases, in_virtual_time, served

T = TypeVar("T")

AT_ONCE = 24
"""Most of the slow ones wait."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One example of a fault, from both networks."""

    case: Case
    real: Seen
    simulated: Seen

    @property
    def name(self) -> str:
        """Fault and parameters, as in the page."""
        return named(self.case)


def named(case: Case) -> str:
    """Fault and parameters."""
    return f"{case.fault} {case.parameters}".strip()


def plain_cases() -> Iterator[Case]:
    """Each example once: over plain HTTP unless the fault is one of TLS."""
    for case in cases():
        if case.program == "asyncio streams" and case.tls is case.rule.fault.needs_tls:
            yield case


def measured() -> list[Measured]:
    """All of them; three seconds."""
    chosen = list(plain_cases())
    simulated = [seen_by_streams(in_virtual_time(case)[0], tls=case.tls) for case in chosen]
    return [Measured(*each) for each in zip(chosen, on_loopback(chosen, _seen), simulated, strict=True)]


def _seen(case: Case, asked: Request) -> Seen:
    """Silence is waited for as long as a client would; what shall come may be late on a busy machine."""
    is_silent = PROMISED.get(named(case), "").startswith(("silence", "SYN"))
    return seen_by_socket(asked, TIME_LIMIT_S if is_silent else PATIENCE_S)


def on_loopback(chosen: Sequence[Case], look: Callable[[Case, Request], T]) -> list[T]:
    """What a blocking reader makes of each case, in a thread of its own beside the servers."""

    async def main() -> list[T]:
        turns = asyncio.Semaphore(AT_ONCE)
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(AT_ONCE) as threads:

            async def of(case: Case) -> T:
                async with turns, served(case) as request:
                    return await loop.run_in_executor(threads, look, case, request)

            return list(await asyncio.gather(*map(of, chosen)))

    return asyncio.run(main())
