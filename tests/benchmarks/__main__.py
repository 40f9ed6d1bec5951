"""``python -m tests.benchmarks [NAME …]``: figures that anyone can repeat, as ratios within one run."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median, quantiles

from tests.benchmarks.detection import detection
from tests.benchmarks.load import Measured, latencies_s, load, timer_lateness_s
from tests.benchmarks.servers import (
    REQUEST,
    running,
    serve_by_hand,
    serve_fixed,
    serve_ours,
    serve_pytest_httpserver,
)
from tests.benchmarks.simloop_baseline import compare
from tests.benchmarks.tiers import tiers

ROUNDS, SECONDS, WARM_UP_S, CONNECTIONS = 15, 0.4, 0.4, 8
DELAYS, DELAY_S, GAP_S = 200, 0.020, 0.002

SAME = (REQUEST,)
UNLIKE = tuple(REQUEST.replace(b"{", b'{"n":%d,' % n, 1) for n in range(5000))
"""So many that nothing of one is remembered when it comes again."""

OURS = "drm-harness, script and log on"
LOADS: dict[str, tuple[Callable[..., None], tuple[bytes, ...]]] = {
    "bare aiohttp, fixed bytes": (serve_fixed, SAME),
    OURS: (serve_ours, SAME),
    "bare aiohttp, same work by hand": (serve_by_hand, SAME),
    "drm-harness, no two requests alike": (serve_ours, UNLIKE),
    "pytest-httpserver": (serve_pytest_httpserver, SAME),
}


def throughput() -> None:
    """Every server in turn within each round, and each ratio taken round by round, so that a noisy machine is noisy to all."""
    print(f"throughput: {ROUNDS} rounds of {SECONDS} s each, {CONNECTIONS} keep-alive connections, server and load apart")
    with ExitStack() as stack:
        loads = {name: (stack.enter_context(running(serve)), bodies) for name, (serve, bodies) in LOADS.items()}
        for server, bodies in loads.values():
            load(server, bodies, connections=CONNECTIONS, seconds=WARM_UP_S)
        found: dict[str, list[Measured]] = {name: [] for name in loads}
        for _ in range(ROUNDS):
            for name, (server, bodies) in loads.items():
                found[name].append(load(server, bodies, connections=CONNECTIONS, seconds=SECONDS))
    print(f"  {'medians':34} {'requests/s':>11} {'CPU us/request':>15}")
    for name, rounds in found.items():
        rate, cpu_us = (median(getattr(one, what) for one in rounds) for what in ("requests_a_second", "cpu_us"))
        print(f"  {name:34} {rate:11.0f} {cpu_us:15.1f}")
    print(f"  {'drm-harness compared with':34} {'requests/s':>22} {'requests per CPU second':>26}")
    for name, rounds in found.items():
        if LOADS[name][0] is not serve_ours:
            pairs = list(zip(found[OURS], rounds, strict=True))
            by_wall = _spread([own.requests_a_second / other.requests_a_second for own, other in pairs])
            by_cpu = _spread([other.cpu_us / own.cpu_us for own, other in pairs])
            print(f"  {name:34} {by_wall:>22} {by_cpu:>26}")


def lateness() -> None:
    """How much later than asked an injected delay ends; beside it what the exchange takes, and how late any timer is here."""
    print(f"lateness: {DELAYS} replies delayed by {DELAY_S * 1000:.0f} ms, one after the other, and as many undelayed ones")
    with running(serve_ours, DELAY_S) as delayed, running(serve_ours) as direct:
        late = [taken - DELAY_S for taken in latencies_s(delayed, REQUEST, count=DELAYS, gap_s=GAP_S)]
        base = latencies_s(direct, REQUEST, count=DELAYS, gap_s=GAP_S)
    timer = asyncio.run(timer_lateness_s(DELAY_S, count=DELAYS))
    for name, values in (("beyond the delay", late), ("undelayed exchange", base), ("a timer of asyncio", timer)):
        cuts = quantiles(values, n=100)
        print(
            f"  {name:20} p50 {cuts[49] * 1000:6.2f} ms   p99 {cuts[98] * 1000:6.2f} ms   longest {max(values) * 1000:6.2f} ms"
        )
    if min(late) < 0:
        raise SystemExit("a delayed reply came early: the delay is not real")


def _spread(values: list[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


BENCHMARKS = {"throughput": throughput, "lateness": lateness, "tiers": tiers}
NAMED = {**BENCHMARKS, "simloop": compare, "detection": detection}
"""detection takes its time; simloop is installed by hand: it needs a newer Python."""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMED)}; the first {len(BENCHMARKS)} if none is given"
    )
    names = parser.parse_args().names
    if unknown := sorted(set(names) - set(NAMED)):
        parser.error(f"no benchmark is named {', '.join(unknown)}; there are {', '.join(NAMED)}")
    for name in names or BENCHMARKS:
        NAMED[name]()
