"""Server events as they come, one line each, and what they came to: for a terminal beside which a device is being tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.table import Table
from rich.text import Text

from fake_servers.faults.script import FaultScript
from fake_servers.journal import ConnectionOpened, ConnectionRefused, Event, RequestReceived
from harness.report.entry_text import entry_text
from harness.report.plain_text import counted
from harness.report.timeline import STYLES
from harness.trace.entry import LANES, Lane, What


def live_line(at_s: float, event: Event | What) -> Text:
    """Seconds since the start, lane and words, coloured by lane."""
    lane = LANES[event.kind]
    return Text.assemble(
        (f"{at_s:10.3f}  ", "dim"), (f"{lane.value.ljust(LANE_WIDTH)}  ", "dim"), (entry_text(event), STYLES[lane])
    )


LANE_WIDTH = max(len(lane.value) for lane in Lane)


def endpoints(addresses: Mapping[str, str]) -> Table:
    """Exchange and address, below each other."""
    table = Table.grid(padding=(0, 2, 0, 2))
    for exchange, url in addresses.items():
        table.add_row(exchange, Text(url, no_wrap=True, overflow="ignore"))
    return table


class Tally:
    """Counts events as they come; keeps none of them, however long it listens."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.connections = 0

    def hear(self, event: Event) -> None:
        """One more."""
        if isinstance(event, RequestReceived):
            self.requests[event.exchange] += 1
        self.connections += isinstance(event, ConnectionOpened | ConnectionRefused)

    def lines(self, script: FaultScript) -> Iterator[str]:
        """What was seen, and what became of each fault of the script."""
        by_exchange = ", ".join(f"{exchange} {number}" for exchange, number in self.requests.items())
        seen = counted(self.requests.total(), "request") + (f" ({by_exchange})" if by_exchange else "")
        yield f"seen: {seen} on {counted(self.connections, 'connection')}"
        for rule, fate in zip(script.rules, script.fates(), strict=True):
            yield f"fault {rule.fault.name}: {fate.value.replace('_', ' ')}"
