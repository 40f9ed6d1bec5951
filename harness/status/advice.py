"""Advice: what to do about a result code. It knows no code and counts no attempts."""

from enum import StrEnum


class Advice(StrEnum):
    """What to do after an operation ended with a code.

    ============================  =============================  ==================================
    advice                        ``retryable`` (by the user)    ``automatic`` (by the client, unasked)
    ============================  =============================  ==================================
    retry now, retry later        yes                            yes, within its retry policy
    not today                     yes: it may work tomorrow      no: each try eats into the quota
    after another step            yes: once the step is done     no: unchanged, it fails the same way
    never                         no                             no
    nothing                       no: nothing is left to repeat  no
    ============================  =============================  ==================================
    """

    RETRY_NOW = "retry now"
    RETRY_LATER = "retry later"
    NOT_TODAY = "not today"
    AFTER_ANOTHER_STEP = "after another step"
    NEVER = "never"
    NOTHING = "nothing"  # it worked, or the user chose so

    @property
    def retryable(self) -> bool:
        """Whether the user may be offered the same operation again, now or when its time has come."""
        return self not in (Advice.NEVER, Advice.NOTHING)

    @property
    def automatic(self) -> bool:
        """Whether a client may repeat the operation without being asked."""
        return self in (Advice.RETRY_NOW, Advice.RETRY_LATER)
