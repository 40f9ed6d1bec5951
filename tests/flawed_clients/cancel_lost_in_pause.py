"""Has a stop button that works, except in the pause between two tries."""

from __future__ import annotations

from collections.abc import Generator

from harness.client.core import RESUME
from harness.client.effects import CancelAsked, Effect, Event, Pause
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_acquisition import AcquireLicense


class Flaw(AcquireLicense):
    """Whoever sleeps does not listen."""

    def perform(self, effect: Effect) -> Generator[Effect, Event, Event]:
        if not isinstance(effect, Pause) or self.walker.state == "monitoring":
            return (yield from super().perform(effect))
        event = yield effect
        while isinstance(event, CancelAsked):
            event = yield RESUME
        return event


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "cancel_lost_in_pause"})
