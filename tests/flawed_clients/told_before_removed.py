"""Tells the service that licenses are gone, and removes them once it has heard."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from harness.client.core import Steps
from harness.client.effects import Effect, Event, Keep
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_revocation import RevokeLicenses


class Flaw(RevokeLicenses):
    """The order of two steps."""

    _to_drop: tuple[str, ...] = ()

    def keep(self, change: Keep) -> Generator[Effect, Event, bool]:
        if change.drop:
            self._to_drop = change.drop
            change = replace(change, drop=())
        return (yield from super().keep(change))

    def in_acknowledging(self) -> Steps:
        step = yield from super().in_acknowledging()
        if step.trigger == "acknowledged":
            yield from super().keep(Keep(drop=self._to_drop))
        return step


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "told_before_removed"})
