"""Goes wherever it is sent, a hundred times over."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """Each address is a new one, so none is a circle."""

    most_redirects = 100


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "redirects_without_end"})
