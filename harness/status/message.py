"""The status message: the one thing that a client says to its user, whatever the operation."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from harness.status.code import CodeName
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason


class Progress(BaseModel):
    """How far a transfer or a list has come. ``total`` is 0 as long as it is unknown: no percentage then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    done: int = Field(ge=0)
    total: int = Field(default=0, ge=0)


class StatusMessage(BaseModel):
    """What the client reports to its user.

    Attributes:
        operation: Which of the five operations it is about.
        round: From 1; each retry by the user opens the next.
        attempt: Number of the current try of the network part, numbered on across rounds; 0 before the first.
        phase: What the client is doing.
        progress: How far it has come, where that can be told.
        code: The HRESULT behind it, where there is one.
        reason: What went wrong or was left out.
        retryable: On a settling status: whether the user may try again. None where the client does not say.
        retry_in_s: On ``retry_scheduled``: seconds until the next attempt, if the client says.
        url: Where the user must go on, for ``page_needed`` and ``blocked``.
        text: The sentence the user reads.
        at: Seconds of the world's clock at which it arrived; stamped by the world, not by the client.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation: Operation
    round: int = Field(default=1, ge=1)
    attempt: int = Field(default=0, ge=0)
    phase: Phase
    progress: Progress | None = None
    code: CodeName | None = None
    reason: Reason | None = None
    retryable: bool | None = None
    retry_in_s: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    url: str | None = None
    text: str = ""
    at: float = 0.0

    @model_validator(mode="after")
    def _settles_with_reason_kept_apart(self) -> Self:
        if self.retryable is not None and not self.phase.settles:
            raise ValueError(f"'retryable' belongs to a settling status; {self.phase.value!r} does not settle")
        return self

    @property
    def settles(self) -> bool:
        """Whether it ends a round."""
        return self.phase.settles
