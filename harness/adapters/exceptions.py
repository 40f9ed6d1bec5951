"""An exception of a client as one text that is the same on every machine: no folders, no memory addresses."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

LONGEST = 2_000
"""Characters of a text that goes into a trace."""

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
_OURS = Path(__file__).parent


def describe(error: BaseException) -> str:
    """``ValueError: no such key (client.py:31 in start, client.py:88 in parse)``, the innermost call last."""
    said = str(error)
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent != _OURS]
    places = ", ".join(f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames[-5:])
    return shortened(_ADDRESS.sub("0x…", f"{text} ({places})" if places else text))


def shortened(text: str, longest: int = LONGEST) -> str:
    """At most ``longest`` characters; what is left out is counted."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest} more characters)"
