"""The user: decides, from the scenario's actions and what the client says, what to do and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harness.scenario.model import Moment, UserAction
from harness.status.message import StatusMessage
from harness.status.phase import Phase

PHASE_OF = {phase.value: phase for phase in Phase}


class User:
    """Meets each status with the first action that waits for it and is not used up."""

    def __init__(self, actions: tuple[UserAction, ...]) -> None:
        self._actions = actions
        self._awaited = frozenset(action.when for action in actions)
        self._taken: Counter[int] = Counter()

    def timed(self) -> Iterator[UserAction]:
        """The actions that wait for a time rather than for the client."""
        return (action for action in self._actions if action.at is not None for _ in range(action.times))

    def awaits(self, status: StatusMessage) -> bool:
        """Whether such a status can make the user do anything."""
        return status.phase in self._awaited or (Moment.RETRY_OFFERED in self._awaited and status.settles)

    def meets(self, status: StatusMessage) -> UserAction | None:
        """What the user does about a status message."""
        offered = status.settles and status.retryable is not False and status.phase is not Phase.SUCCEEDED
        return self._take({status.phase, *([Moment.RETRY_OFFERED] if offered else [])})

    def meets_outcome(self, outcome: str) -> UserAction | None:
        """What the user does when a command without status messages has ended."""
        offered = outcome != Phase.SUCCEEDED.value
        return self._take({PHASE_OF[outcome], *([Moment.RETRY_OFFERED] if offered else [])})

    def _take(self, moments: set[Phase | Moment]) -> UserAction | None:
        for number, action in enumerate(self._actions):
            if action.when in moments and self._taken[number] < action.times:
                self._taken[number] += 1
                return action
        return None
