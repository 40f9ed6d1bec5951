"""From a player's own events to status messages, by the table in its profile. The only place that reads the table.

Sans-IO: events in, status messages out. What the table has no row for says nothing; nor does anything that follows the first
settling event of a round, since an application has told its user by then.
"""

from __future__ import annotations

from typing import Any

from harness.scenario.player import Player
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase

BEGINS_ATTEMPT = frozenset({Phase.CONNECTING})
LONGEST_TEXT = 500
"""Characters of what the player says that its user is shown."""


class Interpreter:
    """Reads one player's events in one run.

    Attributes:
        has_settled: The round is over; only a new one says anything again.
    """

    def __init__(self, player: Player, operation: Operation) -> None:
        self._player = player
        self._operation = operation
        self._round = 1
        self._attempt = 0
        self.has_settled = False

    def open_round(self) -> None:
        """The user has tried again."""
        self._round += 1
        self.has_settled = False

    def hear(self, event: str, fields: dict[str, Any]) -> StatusMessage | None:
        """What an event says to the user; None if nothing."""
        rule = None if self.has_settled else self._player.rule_for(event, fields)
        if rule is None:
            return None
        phase = Phase.RETRYING if rule.says is Phase.STARTED and self._round > 1 else rule.says
        if phase in BEGINS_ATTEMPT:
            self._attempt += 1
        self.has_settled = phase.settles
        return StatusMessage(
            operation=self._operation,
            round=self._round,
            attempt=self._attempt,
            phase=phase,
            reason=rule.reason,
            retryable=rule.retryable if phase.settles else None,
            text=_text(fields),
        )


def _text(fields: dict[str, Any]) -> str:
    text = fields.get("text")
    return text[:LONGEST_TEXT] if isinstance(text, str) else ""
