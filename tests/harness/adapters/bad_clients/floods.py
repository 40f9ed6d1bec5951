"""Prints without end: lines, or one line, as its argument says."""

import sys

from tests.harness.adapters.bad_clients.speaking import answer_initialize

answer_initialize()
piece = {"lines": "y\n" * 1000, "one_line": "y" * 100_000}[sys.argv[1]]
while True:
    sys.stdout.write(piece)
