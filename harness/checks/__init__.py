"""Was it right? Pure functions from a trace to a verdict, one rule a file. Importing this package registers the house's own."""

from harness.checks import status

__all__ = ["status"]
