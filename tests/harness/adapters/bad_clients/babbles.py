"""Prints what is no message, more than is noted, and yet does its work."""

import sys

from tests.harness.adapters.bad_clients.speaking import answer, answer_initialize, calls, report, say

answer_initialize()
for call in calls():
    if call.get("method") == "start":
        sys.stdout.buffer.write(b"\x00\xff\xfe\x1b[31m\n" + b"[" * 5000 + b"\n" + b'{"jsonrpc":"2.0","id":1,"result":NaN}\n\n')
        sys.stdout.buffer.write(b"x" * 1_200_000 + b"\n")
        sys.stdout.buffer.flush()
        report("dreaming")
        report("started", attempt="1")
        report("started", retryable=True)
        report("started", at=3.0)
        report("started", colour="blue")
        say(method="status", params=None)
        say(method="dance", id="d1")
        say(method="wait", id=7, params={"seconds": -1})
        say(id=999, result=None)
        say(id="x", error={"code": 1, "message": "never asked"})
        say(result=None)
        print("[]")
        print('"\\ud800"')
        for number in range(30):
            print(f"debug: line {number}", flush=True)
        report("succeeded")
    if "method" in call:
        answer(call)
    else:
        report("failed", text=f"{call['id']}: {call['error']['code']}")
    if call.get("method") == "shutdown":
        break
