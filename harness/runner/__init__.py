"""The walk itself: a scenario and a client go in, a judged trace comes out."""

from harness.runner.run import Run, run

__all__ = ["Run", "run"]
