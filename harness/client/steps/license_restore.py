"""License restore, state by state."""

from __future__ import annotations

from typing import Any, ClassVar

from fake_servers.services.decision import Decision, Exchange
from harness.client.core import Core, Step, Steps
from harness.client.effects import Keep
from harness.status.message import Progress
from harness.status.operation import Operation
from harness.status.reason import Reason


class RestoreLicenses(Core):
    """The service reissues what the backup names; the device stores all of it at once."""

    operation: ClassVar[Operation] = Operation.LICENSE_RESTORE
    network_states: ClassVar[frozenset[str]] = frozenset({"connecting", "individualizing"})

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._announced = False
        self._restored: Decision
        self._written = 0

    def in_starting(self) -> Steps:
        """Nothing to restore ends it here; the documented message order decides what is said first."""
        self._announced, self._written = False, 0
        if not self.decisions.is_possible(self.situation.settings.supported):
            return self.failure("not_supported", Reason.NOT_SUPPORTED)
        if self.shelf.backup is None:
            return self.failure("backup_missing", Reason.NOTHING_TO_RESTORE)
        self._announced = self.situation.settings.restore_order == "begin_first"
        return Step(trigger="begin_announced" if self._announced else "connect")
        yield

    def in_announced(self) -> Steps:
        """Announced; now the network."""
        return Step(trigger="connect")
        yield

    def in_connecting(self) -> Steps:
        """One try to be validated and to get the licenses."""
        computer = self.decisions.computer(self.situation.computer, self.situation.rng)
        outcome = yield from self.exchange(Exchange.RESTORE, licenses=self.shelf.backup or (), computer=computer)
        if isinstance(outcome, Decision):
            self.done_with(Exchange.RESTORE)
            self._restored = outcome
            return Step(trigger="accepted")
        if outcome.reason is Reason.RESTORE_LIMIT:
            return Step(trigger="limit_reached", reason=outcome.reason, url=outcome.url)
        if outcome.reason is Reason.NEEDS_INDIVIDUALIZATION:
            return self.side_trip()
        return self.after(outcome)

    def in_waiting(self) -> Steps:
        """The announced pause."""
        return (yield from self.pause())

    def in_validated(self) -> Steps:
        """The service agrees; now the device."""
        if self._announced:
            return Step(trigger="begin_as_announced")
        return Step(trigger="begin", progress=Progress(done=0, total=len(self._restored.licenses)))
        yield

    def in_restoring(self) -> Steps:
        """One license after the other; then all of them are put in place at once."""
        licenses = self._restored.licenses
        if self._written < len(licenses):
            self._written += 1
            return Step(trigger="license_written", progress=Progress(done=self._written, total=len(licenses)))
        if not (yield from self.keep(Keep(put=tuple((each.content, each.key) for each in licenses)))):
            return self.failure("store_failed", Reason.STORAGE_FAILED)
        return Step(trigger="restored", reason=Reason.NOT_ALL_STORED if self._restored.contents else None)

    # ── individualization on the way ─────────────────────────────────────────────────────────────────────────────────

    def in_asking_consent(self) -> Steps:
        """The user's word."""
        return (yield from self.consent_to_individualize(then="consented"))

    def in_individualizing(self) -> Steps:
        """One try to individualize; then the restore is asked for again, as a new wish."""
        trouble = yield from self.individualize()
        if trouble is None:
            self.done_with(Exchange.RESTORE)
            return Step(trigger="individualized")
        return self.after(trouble, again="upgrade_failed", spent="upgrade_given_up", refused="upgrade_given_up")

    def in_upgrade_waiting(self) -> Steps:
        """The announced pause."""
        return (yield from self.pause(then="upgrade_due"))
