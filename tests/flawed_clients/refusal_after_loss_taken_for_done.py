"""Calls a backup done whose first reply was lost and whose repetition is refused: it must be there already."""

from __future__ import annotations

from harness.client.core import Step
from harness.client.decisions import Trouble
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_backup import BackUpLicenses


class Flaw(BackUpLicenses):
    """The first try has surely arrived."""

    _lost = False

    def after(self, trouble: Trouble, **triggers: str) -> Step:
        step = super().after(trouble, **triggers)
        if self._lost and step.trigger == "reply_refused":
            return Step(trigger="vault_confirmed")
        self._lost = True
        return step


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "refusal_after_loss_taken_for_done"})
