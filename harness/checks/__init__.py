"""Was it right? Pure functions from a trace to a verdict, one rule a file. Importing this package registers the house's own."""

# Registered in the order of every report.
# isort: off
from harness.checks import status
from harness.checks import retry
from harness.checks import safety
from harness.checks import operations

# isort: on

__all__ = ["operations", "retry", "safety", "status"]
