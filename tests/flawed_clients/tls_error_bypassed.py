"""Talks to whoever answers: certificates are not verified."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """The switch that was meant for a test lab."""

    verify_tls = False


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "tls_error_bypassed"})
