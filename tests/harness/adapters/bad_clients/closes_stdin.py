"""Closes its standard input and lives on."""

import os
import signal

from tests.harness.adapters.bad_clients.speaking import answer_initialize, report

answer_initialize()
os.close(0)
report("started")
signal.pause()
