"""Writes far more to standard error than anyone wants to read."""

import sys

from tests.harness.adapters.bad_clients.speaking import answer, answer_initialize, calls

answer_initialize()
sys.stderr.write("short\n" * 100 + ("long " * 1000 + "\n") * 100)
sys.stderr.flush()
for call in calls():
    answer(call)
    if call["method"] == "shutdown":
        break
