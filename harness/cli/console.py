"""Where output goes: coloured and as wide as the terminal, or plain and 100 columns wide for files and other programs."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

PLAIN_WIDTH = 100


class Output(Console):
    """A console whose reader may leave, as ``head`` does."""

    def on_broken_pipe(self) -> None:
        """Leave the exit status to the command line: rich's own is 1, which says here that a check failed."""
        raise BrokenPipeError


def standard_output() -> Output:
    """A console for what was asked for. ``NO_COLOR`` is respected."""
    return Output(highlight=False, markup=False, emoji=False) if sys.stdout.isatty() else _plain(sys.stdout)


def standard_error() -> Output:
    """A console for what is told beside it, never coloured."""
    return _plain(sys.stderr)


def text_of(blocks: Iterable[RenderableType]) -> str:
    """The blocks as they stand in a file."""
    file = io.StringIO()
    show(_plain(file), blocks)
    return file.getvalue()


def _plain(file: TextIO) -> Output:
    return Output(
        file=file,
        width=PLAIN_WIDTH,
        force_terminal=False,
        no_color=True,
        color_system=None,
        highlight=False,
        markup=False,
        emoji=False,
    )


def show(console: Console, blocks: Iterable[RenderableType]) -> None:
    """Print the blocks below each other. A line of text is never wrapped, since it may be a command to copy."""
    for block in blocks:
        if console.is_terminal:
            console.print(block, soft_wrap=isinstance(block, str | Text))
            continue
        with console.capture() as printed:
            console.print(block, soft_wrap=isinstance(block, str | Text))
        console.file.write("".join(f"{line.rstrip()}\n" for line in printed.get().splitlines()))
        console.file.flush()
