"""License acquisition, state by state."""

from __future__ import annotations

from typing import Any, ClassVar

from fake_servers.services.decision import Answer, Decision, Exchange, License
from harness.client.core import Core, Step, Steps
from harness.client.decisions import Trouble
from harness.client.effects import Keep, Logic, Pause, Question
from harness.status.operation import Operation
from harness.status.reason import Reason

URL_REASONS = {"untrusted": Reason.URL_UNTRUSTED, "tampered": Reason.URL_TAMPERED}


class AcquireLicense(Core):
    """Silent first; through a page where the service wants one; over individualization where the device needs it."""

    operation: ClassVar[Operation] = Operation.LICENSE_ACQUISITION
    network_states: ClassVar[frozenset[str]] = frozenset({"requesting", "individualizing"})

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._url_confirmed = False
        self._licenses: dict[str, License] = {}
        self._page_url = ""
        self._page_since_s = 0.0

    # ── the license URL ──────────────────────────────────────────────────────────────────────────────────────────────

    def play_round(self, opened_by: str) -> Logic:
        """As every round; what an earlier one had got together is asked for again."""
        self._licenses.clear()
        yield from super().play_round(opened_by)

    @property
    def _missing(self) -> dict[str, str]:
        """The contents whose licenses are still to come, each with its key's check value."""
        wanted = {self.situation.content: self.situation.check, **self.situation.also}
        return {content: check for content, check in wanted.items() if content not in self._licenses}

    def in_checking_url(self) -> Steps:
        """The signature state in the content's header decides whether the user is asked first."""
        if not self.decisions.is_possible(self.situation.settings.supported):
            return self.failure("not_supported", Reason.NOT_SUPPORTED)
        trust = self.situation.url_trust
        if self.decisions.trusts_url(trust, self._url_confirmed):
            return Step(trigger="url_accepted")
        return Step(trigger="url_doubtful", reason=URL_REASONS[trust])
        yield

    def in_confirming_url(self) -> Steps:
        """The user's word on a doubtful URL."""
        if not (yield from self.ask(Question.CONSENT)):
            return Step(trigger="refused", reason=Reason.CONSENT_REFUSED, retryable=True)
        self._url_confirmed = True
        return Step(trigger="consented")

    def in_ready(self) -> Steps:
        """Nothing stands in the way."""
        return Step(trigger="connect")
        yield

    # ── silent ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def in_requesting(self) -> Steps:
        """One try to get the license; of several that are needed at once, those that are still missing."""
        missing = self._missing
        outcomes = yield from self.exchange_each(Exchange.LICENSE, tuple(missing))
        troubles = [self._trouble(*one, outcome) for one, outcome in zip(missing.items(), outcomes, strict=True)]
        trouble = max(filter(None, troubles), key=self._weight, default=None)
        if trouble is None:
            return Step(trigger="license_arrived")
        if trouble.reason is Reason.INTERACTION_REQUIRED:
            self._page_url = trouble.url
            return Step(trigger="page_required", reason=trouble.reason, url=trouble.url)
        if trouble.reason is Reason.NEEDS_INDIVIDUALIZATION:
            return self.side_trip()
        return self.after(trouble)

    def in_waiting(self) -> Steps:
        """The announced pause."""
        return (yield from self.pause())

    def in_storing(self) -> Steps:
        """The license is stored, wholly or not at all."""
        put = tuple([(license_.content, license_.key) for license_ in self._licenses.values()])
        if not (yield from self.keep(Keep(put=put))):
            return self.failure("store_failed", Reason.STORAGE_FAILED)
        return Step(trigger="license_stored")

    def _trouble(self, content: str, check: str, outcome: Decision | Trouble) -> Trouble | None:
        """What is wrong with the reply for this content; None if its license is there now."""
        if isinstance(outcome, Trouble):
            return outcome
        license_ = outcome.licenses[0]
        if flaw := self.decisions.opens_content(license_, content, check, self.situation.epoch_s()):
            return Trouble(flaw)
        self._licenses[content] = license_
        return None

    def _weight(self, trouble: Trouble) -> tuple[bool, float]:
        """Of several troubles at once the one that decides: what no repetition helps, and then the longest Retry-After."""
        return trouble.reason not in self.policy.reasons, trouble.retry_after_s or 0.0

    # ── individualization on the way ─────────────────────────────────────────────────────────────────────────────────

    def in_asking_consent(self) -> Steps:
        """The user's word."""
        return (yield from self.consent_to_individualize(then="consented"))

    def in_individualizing(self) -> Steps:
        """One try to individualize; then the license is asked for again."""
        trouble = yield from self.individualize()
        if trouble is None:
            return Step(trigger="individualized")
        return self.after(trouble, again="upgrade_failed", spent="upgrade_given_up", refused="upgrade_given_up")

    def in_upgrade_waiting(self) -> Steps:
        """The announced pause."""
        return (yield from self.pause(then="upgrade_due"))

    # ── through a page ───────────────────────────────────────────────────────────────────────────────────────────────

    def in_page_offered(self) -> Steps:
        """The user has the page; the client watches for the license from now on."""
        self._page_since_s = self.situation.now_s()
        return Step(trigger="page_opened", url=self._page_url)
        yield

    def in_monitoring(self) -> Steps:
        """A pause between two looks, and an end to all looking."""
        if self.situation.now_s() - self._page_since_s >= self.decisions.page_patience_s:
            return self.failure("page_abandoned", Reason.PAGE_NOT_COMPLETED)
        yield from self.perform(Pause(self.decisions.look_every_s))
        return Step(trigger="look_again")

    def in_looking(self) -> Steps:
        """Is the license there? A look that breaks off tells nothing of it: look again after a pause."""
        content, check = self.situation.content, self.situation.check  # the page is for a single one
        outcome = yield from self.exchange(Exchange.MONITOR, contents=(content,), silent=False)
        if isinstance(outcome, Trouble):
            return self.after(outcome)
        self.forget_failures()
        if outcome.answer is Answer.PAGE_PENDING:
            return Step(trigger="still_pending", url=self._page_url)
        trouble = self._trouble(content, check, outcome)
        return Step(trigger="license_arrived") if trouble is None else self.after(trouble)

    def in_waiting_to_look(self) -> Steps:
        """The announced pause."""
        return (yield from self.pause())
