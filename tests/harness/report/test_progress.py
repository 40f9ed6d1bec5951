"""The progress line: only on a terminal, only after a while, and never in the way."""

from __future__ import annotations

import threading
from io import StringIO

from harness.report.progress import ERASE, Progress
from tests.harness.report.results import tunnels


class Terminal(StringIO):
    """A stream that says it is a terminal, and when it was written to."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        count = super().write(text)
        self.written.set()
        return count


def test_nothing_is_shown_elsewhere_than_on_a_terminal() -> None:
    stream = StringIO()
    with Progress(stream, patience_s=0.0) as progress:
        progress.show(1, 2, "tunnels")
        progress.clear()
    assert stream.getvalue() == ""


def test_a_command_that_is_soon_over_shows_nothing() -> None:
    terminal = Terminal()
    with Progress(terminal, patience_s=60.0) as progress:
        progress.show(1, 2, "tunnels")
    assert terminal.getvalue() == ""


def test_what_is_run_appears_once_it_takes_long_and_goes_at_the_end() -> None:
    terminal = Terminal()
    with Progress(terminal, patience_s=0.0) as progress:
        progress.show(1, 2, "tunnels")
        assert terminal.written.wait(10)
    assert terminal.getvalue().endswith(ERASE)
    assert "[1/2] tunnels" in terminal.getvalue()


def test_what_the_client_says_is_shown_beside_it() -> None:
    terminal = Terminal()
    with Progress(terminal, patience_s=0.0) as progress:
        progress.show(1, 1, "tunnels")
        assert terminal.written.wait(10)
        for entry in tunnels().entries:
            progress.hear(entry)
    assert "[1/1] tunnels · 0.1 s retry_scheduled: connection_lost" in terminal.getvalue()
