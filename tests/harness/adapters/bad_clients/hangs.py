"""Answers ``initialize`` and nothing else, not even SIGTERM."""

import signal

from tests.harness.adapters.bad_clients.speaking import answer_initialize, report

signal.signal(signal.SIGTERM, signal.SIG_IGN)
answer_initialize()
report("started")
while True:
    signal.pause()
