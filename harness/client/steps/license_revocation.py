"""License revocation, state by state, and release, its modern variant."""

from __future__ import annotations

from typing import Any, ClassVar

from fake_servers.services.decision import Decision, Exchange
from harness.client.core import Core, Step, Steps
from harness.client.decisions import Trouble
from harness.client.effects import Keep
from harness.status.operation import Operation
from harness.status.reason import Reason


class RevokeLicenses(Core):
    """Licenses go from this device, and the service is told until it has heard."""

    operation: ClassVar[Operation] = Operation.LICENSE_REVOCATION
    network_states: ClassVar[frozenset[str]] = frozenset({"requesting", "acknowledging"})

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._order: Decision | None = None
        self._released: tuple[str, ...] = ()

    @property
    def _by_release(self) -> bool:
        """Whether this dialect destroys first and reports then, rather than waiting for an order."""
        return Exchange.REVOCATION not in self.situation.dialect.exchanges

    def in_preparing(self) -> Steps:
        """What an earlier round still owes comes first."""
        if not self.decisions.is_possible(self.situation.settings.supported):
            return self.failure("not_supported", Reason.NOT_SUPPORTED)
        if self.shelf.owed:
            return Step(trigger="acknowledgement_owed")
        return Step(trigger="release" if self._by_release else "connect")
        yield

    def in_requesting(self) -> Steps:
        """One try to get the signed order."""
        outcome = yield from self.exchange(Exchange.REVOCATION, contents=self.situation.revoked)
        if isinstance(outcome, Trouble):
            return self.after(outcome)
        self._order = outcome
        return Step(trigger="removal_ordered")

    def in_waiting(self) -> Steps:
        """The announced pause."""
        return (yield from self.pause())

    def in_removing(self) -> Steps:
        """The licenses go, and the receipt is kept, in one change: whatever happens next, it is owed."""
        self._released = self.situation.revoked if self._order is None else self._order.contents
        receipt = "release" if self._order is None else self._order.receipt
        if not (yield from self.keep(Keep(drop=self._released, owe=receipt))):
            return self.failure("remove_failed", Reason.STORAGE_FAILED)
        return Step(trigger="removed")

    def in_acknowledging(self) -> Steps:
        """One try to tell the service."""
        if self.decisions.acknowledges():
            if self._by_release:
                outcome = yield from self.exchange(Exchange.RELEASE, contents=self._released)
            else:
                outcome = yield from self.exchange(Exchange.ACKNOWLEDGEMENT, receipt=self.shelf.owed)
            if isinstance(outcome, Trouble):
                return self.after(outcome)
        yield from self.keep(Keep(owe=""))
        return Step(trigger="acknowledged")

    def in_still_owed(self) -> Steps:
        """The announced pause."""
        return (yield from self.pause())
