"""Measures what a client does, by probes, and writes its draft profile.

``Prober`` plays the probes and keeps what was seen; ``draft_of`` reads a profile off that, and is pure.
"""

from harness.probe.draft import Confidence, Draft, Measured, Sight
from harness.probe.infer import draft_of
from harness.probe.session import NotMeasurableError, Observed, Prober, Subject

__all__ = ["Confidence", "Draft", "Measured", "NotMeasurableError", "Observed", "Prober", "Sight", "Subject", "draft_of"]
