"""What every test may count on, however the suite was started, and whatever language its machine speaks.

A suite started in the background (`make test &` in a script, `nohup`) inherits ignored signals and hands them to every
program it starts: those would then not hear the Ctrl-C that tests send them.
"""

import os
import signal

os.environ["LC_ALL"] = "C.UTF-8"
collect_ignore_glob = ["*.yaml"]  # scenarios here, some of them wrong on purpose, belong to the tests beside them

for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _number is signal.SIGINT else signal.SIG_DFL)
