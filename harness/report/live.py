"""Server events as they come, one line each: for a terminal beside which a device is being tried."""

from __future__ import annotations

from rich.text import Text

from fake_servers.journal import Event
from harness.report.entry_text import entry_text
from harness.report.timeline import STYLES
from harness.trace.entry import LANES

LANE_WIDTH = 7


def live_line(at_s: float, event: Event) -> Text:
    """Time since the start, lane and words, coloured by lane."""
    lane = LANES[event.model_dump()["kind"]]
    return Text.assemble((f"{at_s:10.3f} s  ", "dim"), (f"{lane.value.ljust(LANE_WIDTH)}  {entry_text(event)}", STYLES[lane]))
