"""The command line: parses words, wires the parts together, and answers with an exit status. One command a file."""

from harness.cli.app import cli, main

__all__ = ["cli", "main"]
