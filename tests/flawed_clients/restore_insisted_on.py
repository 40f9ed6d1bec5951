"""Asks for the restore again and again where it was told to individualize first."""

from __future__ import annotations

from harness.client.core import Step
from harness.client.decisions import Trouble
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_restore import RestoreLicenses
from harness.status.reason import Reason


class Flaw(RestoreLicenses):
    """A demand is taken for a failed attempt."""

    def side_trip(self) -> Step:
        policy, self.policy = (
            self.policy,
            self.policy.model_copy(update={"reasons": self.policy.reasons | {Reason.NEEDS_INDIVIDUALIZATION}}),
        )
        try:
            return self.after(Trouble(Reason.NEEDS_INDIVIDUALIZATION))
        finally:
            self.policy = policy


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "restore_insisted_on"})
