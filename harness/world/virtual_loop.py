"""An event loop whose clock jumps to the next timer when nothing is ready, with a network in memory.

Same program, same run: timers that are due at the same instant run in the order in which they were set, and tasks
hash by age, so that a set of tasks has the same order everywhere. Nothing outside the loop can make it wait.
"""

from __future__ import annotations

import asyncio
import collections
import contextvars
import functools
import heapq
import itertools
import math
import socket
from asyncio import sslproto
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVarTuple

from harness.errors import WorldError
from harness.world.interleaving import Interleaving
from harness.world.not_simulated import NOT_SIMULATED, NotSimulatedError, refusing
from harness.world.one_way import Link
from harness.world.simulated_network import ProtocolFactory, SimulatedNetwork
from harness.world.simulated_server import SimulatedServer
from harness.world.simulated_socket import Address, SimulatedSocket
from harness.world.simulated_transport import SimulatedTransport
from harness.world.virtual_task import seniority, task_factory
from harness.world.waiting import describe_waiting

Ts = TypeVarTuple("Ts")

MAX_STEPS = 5_000_000
MAX_STANDSTILL = 100_000

GRACE_STEPS = 100_000
GRACE_S = 3_600.0
"""What is left, once a limit was met, for cancelled tasks to clean up in."""


class DeadlockError(WorldError):
    """Nothing is ready and no timer is set, yet somebody waits: it would be for ever. The text names who, and on what."""


class RunawayError(WorldError):
    """The program goes on without end: too many steps, too many without time passing, or too much virtual time."""


@dataclass(frozen=True, slots=True)
class UnhandledError:
    """What a callback or a forgotten task raised, with nobody there to catch it."""

    at: float
    message: str
    exception: BaseException | None


class VirtualLoop(asyncio.BaseEventLoop):
    """Virtual time, simulated network.

    Args:
        link: How any two ends of the network are joined.
        rng: For the network's jitter alone.
        interleave: If given, callbacks that are ready in the same turn run in an order drawn from it, which asyncio does not
            do: see :class:`Interleaving`.
        max_steps: Callbacks that may run in all.
        max_standstill: Turns of the loop that may pass without virtual time passing.
        max_virtual_s: Virtual second after which nothing runs any more.

    Attributes:
        now: Virtual seconds since the loop was made; what ``time()`` says.
        network: The only network there is.
        unhandled: What went to the default exception handler (which logs it, as always), in order.
        refusals: What was asked for and is not simulated, in order; a client may have swallowed the exception.

    Raises:
        DeadlockError: From ``run_until_complete`` or ``run_forever``, never inside the program.
        RunawayError: The same.
    """

    # Private state of the base class that a loop without a selector cannot do without. Same in CPython 3.11 to 3.14.
    _ready: collections.deque[asyncio.Handle]
    _stopping: bool

    def __init__(
        self,
        *,
        link: Link | None = None,
        rng: Random | None = None,
        interleave: Random | None = None,
        max_steps: int = MAX_STEPS,
        max_standstill: int = MAX_STANDSTILL,
        max_virtual_s: float = math.inf,
    ) -> None:
        super().__init__()
        self.now = 0.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._timer_numbers = itertools.count()
        self._compact_at = 100
        self._steps = 0
        self._standstill = 0
        self._max_steps = max_steps
        self._max_standstill = max_standstill
        self._max_virtual_s = max_virtual_s
        self._task_ages = itertools.count()
        self._interleaving = Interleaving(interleave) if interleave is not None else None
        self.network = SimulatedNetwork(self, link=link, rng=rng)
        self.unhandled: list[UnhandledError] = []
        self.refusals: list[NotSimulatedError] = []
        self.set_task_factory(None)

    # -- time ----------------------------------------------------------------------------------------------------

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self.now

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._timer_numbers), timer))
        if len(self._timers) > self._compact_at:
            self._drop_cancelled_timers()
        return timer

    def _drop_cancelled_timers(self) -> None:
        """Every request leaves a cancelled timeout behind: without this they would pile up until their time comes."""
        self._timers = [entry for entry in self._timers if not entry[2].cancelled()]
        heapq.heapify(self._timers)
        self._compact_at = max(100, 2 * len(self._timers))

    def _run_once(self) -> None:
        """One turn: jump if nothing is ready, then run what was ready when the turn began.

        The base class calls this from ``run_forever``; its own version polls a selector.
        """
        ready = self._ready
        if not ready and not self._stopping:
            self._jump_to_next_timer()
        timers, now = self._timers, self.now
        while timers and timers[0][0] <= now:
            ready.append(heapq.heappop(timers)[2])
        if self._interleaving is not None:
            self._interleaving.shuffle(ready)
        count = len(ready)
        self._spend(count)
        for _ in range(count):
            handle = ready.popleft()
            if not handle._cancelled:  # as private as what comes next, and quicker than to ask
                handle._run()  # private, and the only way to run a handle

    def _jump_to_next_timer(self) -> None:
        while self._timers and self._timers[0][2].cancelled():
            heapq.heappop(self._timers)
        when = self._timers[0][0] if self._timers else math.inf
        if when == math.inf:
            raise DeadlockError(
                f"at {self.now:.6g} virtual s nothing is ready and no timer is set, so this would wait for ever:\n"
                + (describe_waiting(self.tasks()) or "  no task at all, only the caller of run_forever()")
            )
        if when > self._max_virtual_s:
            limit, self._max_virtual_s = self._max_virtual_s, self.now + GRACE_S
            raise RunawayError(
                f"the program still waits for something at {when:.6g} virtual s, beyond its limit of {limit:.6g} s:\n"
                + describe_waiting(self.tasks())
            )
        if when > self.now:
            self.now = when
            self._standstill = 0

    def _spend(self, steps: int) -> None:
        self._steps += steps
        self._standstill += 1
        if self._steps > self._max_steps:
            limit, self._max_steps = self._max_steps, self._steps + GRACE_STEPS
            raise RunawayError(f"more than {limit} steps by {self.now:.6g} virtual s; {self._busy()}")
        if self._standstill > self._max_standstill:
            self._standstill = 0
            raise RunawayError(
                f"{self._max_standstill} turns of the loop without time passing at {self.now:.6g} virtual s "
                f"(a retry without a wait?); {self._busy()}"
            )

    def _busy(self) -> str:
        """Which tasks are about to run: asyncio's handles know only through their private callback."""
        callbacks = (getattr(handle, "_callback", None) for handle in self._ready)
        owners = dict.fromkeys(getattr(callback, "__self__", None) for callback in callbacks)
        tasks = [owner for owner in owners if isinstance(owner, asyncio.Task)]
        return "busy now:\n" + (describe_waiting(tasks) or "  callbacks that belong to no task")

    # -- tasks ---------------------------------------------------------------------------------------------------

    def tasks(self) -> list[asyncio.Task[Any]]:
        """Tasks that are not done, oldest first; those that were made past the loop come last, by name."""
        return sorted(asyncio.all_tasks(self), key=seniority)

    def next_task_age(self) -> int:
        return next(self._task_ages)

    def set_task_factory(self, factory: Callable[..., Any] | None) -> None:
        """As in asyncio, but that tasks of asyncio's own factories, the eager one too, hash by age."""
        super().set_task_factory(task_factory(factory))

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        self.unhandled.append(UnhandledError(self.now, context.get("message", ""), context.get("exception")))
        super().default_exception_handler(context)

    def close(self) -> None:
        super().close()
        self._timers.clear()
        self.network.close()

    def _write_to_self(self) -> None:
        """The base class wakes its selector with this; here nobody sleeps."""

    # -- network -------------------------------------------------------------------------------------------------

    async def getaddrinfo(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:
        return list[Any](await self.network.resolve(host, port, family=family, flags=flags))

    async def getnameinfo(self, sockaddr: tuple[Any, ...], flags: int = 0) -> tuple[str, str]:
        """Address and port in figures: the simulated DNS has no reverse zone."""
        return str(sockaddr[0]), str(sockaddr[1])

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        await self.network.connect(sock, address)

    async def create_connection(
        self,
        protocol_factory: ProtocolFactory,
        host: str | None = None,
        port: int | None = None,
        *,
        sock: socket.socket | None = None,
        family: int = 0,
        local_addr: Address | None = None,
        happy_eyeballs_delay: float | None = None,
        interleave: int | None = None,
        **options: Any,
    ) -> tuple[Any, Any]:
        """As in asyncio. There is one address a name, hence no race between addresses."""
        if sock is None:
            ((*_, address),) = await self.network.resolve(host, port, family=family)
            sock = self.network.socket_factory()
            if local_addr is not None:
                sock.bind(local_addr)
            await self.network.connect(sock, address)
            if options.get("ssl") and options.get("server_hostname") is None:
                options["server_hostname"] = host
        elif host is not None or port is not None:
            raise ValueError("host/port and sock can not be specified at the same time")
        return await super().create_connection(protocol_factory, sock=self.network.connected(sock), **options)

    async def create_server(  # type: ignore[override] # one signature for what typeshed spells in overloads
        self,
        protocol_factory: ProtocolFactory,
        host: str | list[str] | None = None,
        port: int | None = None,
        *,
        sock: socket.socket | None = None,
        ssl: Any = None,
        start_serving: bool = True,
        **_kernel_options: Any,
    ) -> SimulatedServer:
        """As in asyncio. ``backlog``, ``reuse_address`` and ``reuse_port`` are accepted and mean nothing."""
        if sock is not None:
            raise NotSimulatedError("create_server(sock=...)", "listening on a real socket")
        server = await self.network.listen(protocol_factory, host or None, port or 0, context=ssl)
        if start_serving:
            await server.start_serving()
        return server

    def _make_socket_transport(
        self,
        sock: SimulatedSocket,
        protocol: asyncio.BaseProtocol,
        waiter: asyncio.Future[None] | None = None,
        **_: Any,
    ) -> SimulatedTransport:
        """Called by the base class once a client's socket is connected."""
        return self.network.open(sock, protocol, waiter)

    def _make_ssl_transport(
        self,
        sock: SimulatedSocket,
        protocol: asyncio.BaseProtocol,
        sslcontext: Any,
        waiter: asyncio.Future[None],
        *,
        server_side: bool = False,
        server_hostname: str | None = None,
        ssl_handshake_timeout: Any = None,
        ssl_shutdown_timeout: Any = None,
        **_: Any,
    ) -> asyncio.Transport:
        """Called by the base class for ``create_connection(ssl=...)``: asyncio's own TLS over a simulated transport."""
        tls = sslproto.SSLProtocol(
            self,
            protocol,
            sslcontext,
            waiter,
            server_side,
            server_hostname,
            ssl_handshake_timeout=ssl_handshake_timeout,
            ssl_shutdown_timeout=ssl_shutdown_timeout,
        )
        self.network.open(sock, tls)
        return tls._app_transport

    # -- refused -------------------------------------------------------------------------------------------------

    def run_in_executor(  # type: ignore[override] # typeshed's is generic in ways that do not matter to a refusal
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Threads are refused, but for the one that programs use to look up a name.

        Raises:
            NotSimulatedError: ``func`` is anything but ``socket.getaddrinfo``.
        """
        if func is socket.getaddrinfo:
            return self.create_task(self._look_up(*args))
        error = NotSimulatedError("run_in_executor", f"a thread (for {_job_name(func)})")
        self.refusals.append(error)
        raise error

    async def _look_up(self, host: str, port: int, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> list[Any]:
        """``getaddrinfo`` with the positional arguments of the function in ``socket``."""
        return await self.getaddrinfo(host, port, family=family, type=type, proto=proto, flags=flags)


for _call, _what in NOT_SIMULATED.items():
    setattr(VirtualLoop, _call, refusing(_call, _what))


def _job_name(func: Any) -> str:
    """The function meant for a thread; asyncio.to_thread wraps it into partials."""
    while isinstance(func, functools.partial):
        func = func.args[0] if func.args and callable(func.args[0]) else func.func
    return str(getattr(func, "__qualname__", func))
