"""One line on standard error that says what is being run; only on a terminal, and only once a command takes long."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self, TextIO

from harness.report.entry_text import entry_text
from harness.report.plain_text import plain
from harness.trace.entry import Entry, Lane

PATIENCE_S = 1.0
"""A command that is over by then needs no progress."""
WIDTH = 78
ERASE = "\r\x1b[2K"


class Progress:
    """The line. ``clear`` it before anything else is printed to the terminal; the next ``show`` brings it back.

    Args:
        stream: Where it goes; nothing happens unless it is a terminal.
        patience_s: For so long nothing is shown.
    """

    def __init__(self, stream: TextIO, patience_s: float = PATIENCE_S) -> None:
        self._stream = stream
        self._is_on = stream.isatty()
        self._is_due = False
        self._text = ""
        self._drawn = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(patience_s, self._come_due)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        if self._is_on:
            self._timer.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self.clear()
        self._is_on = False

    def show(self, number: int, total: int, what: str) -> None:
        """Run ``number`` of ``total`` begins."""
        self._head = f"[{number}/{total}] {plain(what)}"
        self._say(self._head)

    def say(self, text: str) -> None:
        """What goes on, in words of the caller's own."""
        self._say(plain(text))

    def hear(self, entry: Entry) -> None:
        """The run goes on: what its client says is shown beside it. For runs in real time."""
        if entry.lane is Lane.CLIENT:
            self._say(f"{self._head} · {entry.at:.1f} s {entry_text(entry.what)}")

    def clear(self) -> None:
        """Take the line away."""
        with self._lock:
            if self._drawn:
                self._write(ERASE)
            self._drawn, self._text = False, ""

    def _say(self, text: str) -> None:
        with self._lock:
            self._text = text[:WIDTH]
            self._draw()

    def _come_due(self) -> None:
        with self._lock:
            self._is_due = True
            self._draw()

    def _draw(self) -> None:
        if self._is_on and self._is_due and self._text:
            self._write(ERASE + self._text)
            self._drawn = True

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
