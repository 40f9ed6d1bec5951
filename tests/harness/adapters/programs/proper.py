"""A client that speaks the protocol properly and needs no service; what it was told goes into its texts."""

import json
import sys

from tests.harness.adapters.bad_clients.speaking import answer, calls, report, say

PROFILE = {"silence": "5 s", "retry": None, "reports_progress": False}

for call in calls():
    match call.get("method"):
        case "initialize":
            told = call["params"]
            answer(call, {"name": "proper", "version": "1.2", "profile": PROFILE})
        case "start":
            answer(call)
            report("started", text=f"{call['params']['operation']} of {told['setup']['content']}, protocol {told['protocol']}")
            say(id="w", method="wait", params={"seconds": 0.05})
        case "respond" | "retry" | "cancel":
            answer(call)
            report("preparing", text=f"{call['method']} {json.dumps(call['params'], sort_keys=True)}")
        case "rights":
            answer(call, {"licenses": ["film"], "individualized": True})
        case "shutdown":
            answer(call)
            print("bye", file=sys.stderr, flush=True)
        case None:
            report("succeeded", text=f"waited: {call['id']} {call['result']}")
