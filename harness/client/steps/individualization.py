"""Individualization, state by state."""

from __future__ import annotations

from typing import ClassVar

from fake_servers.services.decision import Decision, Exchange
from harness.client.core import Core, Step, Steps
from harness.client.decisions import Trouble
from harness.client.effects import Keep
from harness.status.operation import Operation
from harness.status.reason import Reason


class Individualize(Core):
    """Fetch and install the device's own component, with its user's consent."""

    operation: ClassVar[Operation] = Operation.INDIVIDUALIZATION
    network_states: ClassVar[frozenset[str]] = frozenset({"downloading"})
    _package: Decision

    def in_starting(self) -> Steps:
        """Consent first; a yes from an earlier round holds."""
        if not self.decisions.is_possible(self.situation.settings.supported):
            return self.failure("not_supported", Reason.NOT_SUPPORTED)
        if self.decisions.asks_consent(self.individualize_consented):
            return Step(trigger="consent_asked")
        return Step(trigger="consent_given_before")
        yield

    def in_asking_consent(self) -> Steps:
        """The user's word."""
        return (yield from self.consent_to_individualize(then="consented"))

    def in_begun(self) -> Steps:
        """Everything is ready."""
        return Step(trigger="connect")
        yield

    def in_downloading(self) -> Steps:
        """One try to fetch the component."""
        outcome = yield from self.exchange(Exchange.INDIVIDUALIZATION)
        if isinstance(outcome, Trouble):
            return self.after(outcome)
        self._package = outcome
        return Step(trigger="downloaded")

    def in_waiting(self) -> Steps:
        """The announced pause."""
        return (yield from self.pause())

    def in_installing(self) -> Steps:
        """The component is stored, wholly or not at all."""
        if not (yield from self.keep(Keep(component=self._package.client_version))):
            return self.failure("install_failed", Reason.STORAGE_FAILED)
        self.done_with(Exchange.INDIVIDUALIZATION)
        return Step(trigger="installed")
