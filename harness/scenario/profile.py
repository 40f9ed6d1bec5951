"""A profile: what a client promises. Checks compare a trace with it, so it travels in the trace's head."""

from __future__ import annotations

from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field

from fake_servers.quantities import Seconds
from harness.operations.retry import RetryPolicy
from harness.scenario.model import Outcome
from harness.scenario.player import Player
from harness.status.operation import Operation
from harness.status.phase import SETTLING, Phase


class Profile(BaseModel):
    """What a client promises.

    Attributes:
        name: The client's name in reports.
        about: One sentence.
        version: The client's version, if it says one.
        operations: What it can do; everything else is not applicable to it.
        dialects: The wire formats it speaks.
        several_contents: It can acquire licenses for several contents that are needed at the same moment.
        phases: What it reports. Settling phases are always part of it where it reports at all.
        retry: Its automatic retries. None: it promises nothing about them (checks that need a promise are not applicable).
        first_status: A first status follows ``start`` and ``retry`` within this.
        silence: While it works, no longer time passes without a status.
        cancel: A cancel settles the round within this.
        reports_attempts: Its statuses carry the number of the attempt.
        reports_progress: Its statuses carry progress.
        exits: For command lines: exit status to outcome; ``default`` for all others.
        player: For players in a browser: what it is, and how its own events map to status messages.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    about: str = ""
    version: str = ""
    operations: tuple[Operation, ...] = tuple(Operation)
    dialects: tuple[str, ...] = ("wmdrm", "clearkey")
    several_contents: bool = False
    phases: tuple[Phase, ...] = tuple(Phase)
    retry: RetryPolicy | None = RetryPolicy()
    first_status: Seconds = 1.0
    silence: Seconds = 30.0
    cancel: Seconds = 2.0
    reports_attempts: bool = True
    reports_progress: bool = True
    exits: dict[str, Outcome] = Field(default_factory=dict)
    player: Player | None = Field(default=None, exclude_if=lambda player: player is None)

    def reports(self, phase: Phase) -> bool:
        """Whether the client promises to say this phase."""
        return phase in self.phases or phase in SETTLING

    @property
    def silent(self) -> frozenset[Phase]:
        """The phases that the client does not promise to say."""
        return _silent(self.phases)


@lru_cache(maxsize=256)
def _silent(said: tuple[Phase, ...]) -> frozenset[Phase]:
    return frozenset(Phase) - SETTLING - frozenset(said)
