"""Is killed by a signal instead of answering ``start``, right after a last status."""

import os
import signal

from tests.harness.adapters.bad_clients.speaking import answer_initialize, calls, report

answer_initialize()
next(calls())
report("started")
os.kill(os.getpid(), signal.SIGKILL)
