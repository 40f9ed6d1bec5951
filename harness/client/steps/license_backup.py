"""License backup, state by state."""

from __future__ import annotations

from typing import Any, ClassVar

from fake_servers.services.decision import Exchange
from harness.client.core import Core, Step, Steps
from harness.client.decisions import Trouble
from harness.client.effects import Keep, Question
from harness.status.message import Progress
from harness.status.operation import Operation
from harness.status.reason import Reason


class BackUpLicenses(Core):
    """A copy on this device, or, where asked for, in the vault."""

    operation: ClassVar[Operation] = Operation.LICENSE_BACKUP
    network_states: ClassVar[frozenset[str]] = frozenset({"uploading"})

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._to_write: list[str] = []
        self._to_skip: list[str] = []
        self._written: list[str] = []
        self._partial = False
        self._overwrite_agreed = self.situation.settings.overwrite

    def in_starting(self) -> Steps:
        """Sort what may be backed up from what may not; an existing backup needs the user's word."""
        if not self.decisions.is_possible(self.situation.settings.supported):
            return self.failure("not_supported", Reason.NOT_SUPPORTED)
        held = sorted(self.shelf.licenses)
        restricted = self.situation.restricted if self.decisions.names_restricted() else ()
        self._to_write = [content for content in held if content not in self.situation.restricted]
        self._to_skip = [content for content in held if content in restricted]
        self._written, self._partial = [], bool(self._to_skip)
        if self.shelf.backup is not None and not self._overwrite_agreed:
            return Step(trigger="backup_found", reason=Reason.BACKUP_EXISTS)
        return Step(trigger="begin", progress=Progress(done=0, total=len(self._to_write)))
        yield

    def in_asking_overwrite(self) -> Steps:
        """The user's word."""
        if not (yield from self.ask(Question.OVERWRITE)):
            return Step(trigger="overwrite_refused", reason=Reason.BACKUP_EXISTS, retryable=True)
        self._overwrite_agreed = True
        return Step(trigger="overwrite_agreed", progress=Progress(done=0, total=len(self._to_write)))

    def in_backing_up(self) -> Steps:
        """One license after the other; then the whole copy is put in place at once, here or in the vault."""
        if self._to_skip:
            self._to_skip.pop(0)
            return Step(trigger="license_skipped", reason=Reason.LICENSES_RESTRICTED)
        if len(self._written) < len(self._to_write):
            self._written.append(self._to_write[len(self._written)])
            progress = Progress(done=len(self._written), total=len(self._to_write))
            return Step(trigger="license_written", progress=progress)
        if self.situation.vault:
            return Step(trigger="connect")
        return (yield from self._put_in_place("written", "write_failed"))

    def in_uploading(self) -> Steps:
        """One try to hand the copy to the vault."""
        outcome = yield from self.exchange(Exchange.BACKUP, licenses=tuple(self._written))
        if isinstance(outcome, Trouble):
            return self.after(outcome)
        self.done_with(Exchange.BACKUP)
        return (yield from self._put_in_place("vault_confirmed", "reply_refused"))

    def in_waiting(self) -> Steps:
        """The announced pause."""
        return (yield from self.pause())

    def _put_in_place(self, done: str, failed: str) -> Steps:
        if not (yield from self.keep(Keep(backup=tuple(self._written)))):
            return self.failure(failed, Reason.STORAGE_FAILED)
        return Step(trigger=done, reason=Reason.LICENSES_RESTRICTED if self._partial else None)
