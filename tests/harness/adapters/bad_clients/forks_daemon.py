"""Leaves behind a daemon that forked twice, and a child with a clean environment; both ignore SIGTERM."""

import os
import subprocess
import sys
from pathlib import Path

from tests.harness.adapters.bad_clients.speaking import answer, answer_initialize, calls

STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"


def stubborn(**options: object) -> int:
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, **options)  # type: ignore[call-overload] # any option
    process.stdout.readline()
    return int(process.pid)


folder = Path(answer_initialize()["state_dir"])
for call in calls():
    if call["method"] == "start":
        heard, told = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.write(told, str(stubborn()).encode())
            os._exit(0)
        os.wait()
        (folder / "daemon").write_bytes(os.read(heard, 100))
        (folder / "child").write_text(str(stubborn(env={})))
    answer(call)
    if call["method"] == "shutdown":
        break
