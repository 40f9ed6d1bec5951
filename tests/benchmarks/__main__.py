"""``python -m tests.benchmarks [throughput] [lateness]``: figures that anyone can repeat, as ratios measured in one run."""

from __future__ import annotations

import argparse
import asyncio
from statistics import median, quantiles

from tests.benchmarks.load import latencies_s, requests_a_second
from tests.benchmarks.servers import running, serve_bare, serve_ours, serve_pytest_httpserver

ROUNDS, SECONDS, CONNECTIONS = 5, 1.5, 8
DELAYS, DELAY_S = 200, 0.020


def throughput() -> None:
    """Requests a second of three servers, in turn within each round; the ratio is taken round by round."""
    print(f"throughput: {ROUNDS} rounds of {SECONDS} s each, {CONNECTIONS} keep-alive connections, server and load apart")
    with running(serve_ours) as ours, running(serve_bare) as bare, running(serve_pytest_httpserver) as peer:
        servers = {"drm-harness, script and log on": ours, "bare aiohttp": bare, "pytest-httpserver": peer}
        rates: dict[str, list[float]] = {name: [] for name in servers}
        for server in servers.values():  # warm-up
            asyncio.run(requests_a_second(server, connections=CONNECTIONS, seconds=0.3))
        for _ in range(ROUNDS):
            for name, server in servers.items():
                rates[name].append(asyncio.run(requests_a_second(server, connections=CONNECTIONS, seconds=SECONDS)))
    for name, rate in rates.items():
        print(f"  {name:32} {median(rate):8.0f} requests/s (median; {min(rate):.0f} to {max(rate):.0f})")
    own = rates["drm-harness, script and log on"]
    for name in ("bare aiohttp", "pytest-httpserver"):
        ratios = [a / b for a, b in zip(own, rates[name], strict=True)]
        print(f"  ratio to {name:23} {median(ratios):8.2f} (median; {min(ratios):.2f} to {max(ratios):.2f})")


def lateness() -> None:
    """How much later than asked an injected delay ends, over what the same exchange takes without one."""
    print(f"lateness: {DELAYS} replies delayed by {DELAY_S * 1000:.0f} ms, one after the other, and as many undelayed ones")
    with running(serve_ours, DELAY_S) as delayed, running(serve_ours) as direct:
        late = [s - DELAY_S for s in asyncio.run(latencies_s(delayed, count=DELAYS, gap_s=0.002))]
        base = asyncio.run(latencies_s(direct, count=DELAYS, gap_s=0.002))
    for name, values in (("beyond the delay", late), ("undelayed exchange", base)):
        cuts = quantiles(values, n=100)
        print(
            f"  {name:20} p50 {cuts[49] * 1000:6.2f} ms   p99 {cuts[98] * 1000:6.2f} ms   longest {max(values) * 1000:6.2f} ms"
        )
    if min(late) < 0:
        raise SystemExit("a delayed reply came early: the delay is not real")


BENCHMARKS = {"throughput": throughput, "lateness": lateness}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}; all if none is given")
    names = parser.parse_args().names
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        parser.error(f"no benchmark is named {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
