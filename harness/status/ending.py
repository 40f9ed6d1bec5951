"""Ending: what a result code says of the operation it was reported for."""

from enum import StrEnum


class Ending(StrEnum):
    """How an operation ended, as far as its code tells.

    It is the client's view: FAILED means that the user did not get what the operation is for, not that
    the service did nothing. UNDECIDED means that the code alone does not tell: a step is asked for
    first, only a part was done, or another operation of the kind is still running.
    """

    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNDECIDED = "undecided"
