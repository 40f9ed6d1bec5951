"""A command for the wire adapter: writes its arguments as JSON into ``STATE_DIR/runs``, then does what the first one says.

``exit N``; ``wait`` until a signal ends it; ``handle N``: exit with status N on SIGINT; ``stubborn``: ignore SIGINT and
SIGTERM.
"""

import json
import signal
import sys
from pathlib import Path

what, how, state_dir, *_ = sys.argv[1:]
with Path(state_dir, "runs").open("a") as runs:
    runs.write(json.dumps(sys.argv[1:]) + "\n")
if what == "exit":
    sys.exit(int(how))
if what == "wait":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
if what == "handle":
    signal.signal(signal.SIGINT, lambda *_: sys.exit(int(how)))
if what == "stubborn":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", file=sys.stderr, flush=True)
while True:
    signal.pause()
