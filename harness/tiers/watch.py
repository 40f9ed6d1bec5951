"""Whoever watches a history of the model tier while it is played, instead of reading its trace."""

from __future__ import annotations

from typing import Any, Protocol

from harness.client.effects import Report
from harness.status.message import StatusMessage
from harness.tiers.agenda import Agenda
from harness.tiers.ledger import request_received
from harness.tiers.log import Log, Makes
from harness.tiers.model import status_reported, status_told, user_acted


class Watch(Protocol):
    """Sees a history while it is played; ``now_s`` counts from its beginning."""

    def acted(self, now_s: float, do: str) -> None: ...
    def said(self, now_s: float, said: Report | StatusMessage) -> None: ...
    def asked(self, now_s: float, exchange: str) -> None: ...


class Nobody:
    """Watches nothing."""

    def acted(self, now_s: float, do: str) -> None: ...
    def said(self, now_s: float, said: Report | StatusMessage) -> None: ...
    def asked(self, now_s: float, exchange: str) -> None: ...


class WatchedLog(Log):
    """Keeps nothing, and shows all that matters to whoever watches."""

    def __init__(self, agenda: Agenda, watch: Watch) -> None:
        super().__init__(agenda)
        self._agenda = agenda
        self._watch = watch

    def note(self, makes: Makes, *of: Any) -> None:
        if makes is status_reported or makes is status_told:
            self._watch.said(self._agenda.now, of[0])
        elif makes is request_received:
            self._watch.asked(self._agenda.now, of[4])
        elif makes is user_acted:
            self._watch.acted(self._agenda.now, of[0])
