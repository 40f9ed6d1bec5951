"""Writes ``docs/client-protocol.schema.json``: every message between the harness and a client program, as JSON Schema.

``python -m tests.generate.protocol_schema [--check]``
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.adapters.message_schema import protocol_schema
from tests.generate.page import ROOT, write_or_check

COMMAND = "tests.generate.protocol_schema"
PATH = ROOT / "docs" / "client-protocol.schema.json"


def text() -> str:
    """The file's text."""
    return json.dumps(protocol_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str], path: Path = PATH) -> int:
    """Write the schema, or check it."""
    return write_or_check(path, text(), COMMAND, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
