"""Applied, but the reply is lost."""

from random import Random
from typing import ClassVar, Literal

from fake_servers.faults.base import ByteFault, Examples, Fin, Presentation, Reset, Silence, fault
from fake_servers.faults.bytes.prefix import Prefix

ENDINGS: dict[str, Reset | Fin | Silence] = {"reset": Reset(), "fin": Fin(), "silence": Silence()}


@fault("reply_lost")
class ReplyLost(ByteFault):
    """The service does all that was asked, and not one byte of its reply leaves it.

    The client cannot know whether it was heard: claiming a refusal would be as wrong as claiming success. A repeated request
    must not be served twice, which is what nonces and idempotency keys are for.

    Attributes:
        how: What the client meets instead of the reply: ``reset``, ``fin`` or ``silence``.
    """

    examples: ClassVar[Examples] = ({"how": "reset"}, {"how": "silence"})

    how: Literal["reset", "fin", "silence"] = "reset"

    def stream(self, rng: Random) -> Prefix:
        return Prefix(0, ENDINGS[self.how])

    def presents_as(self) -> Presentation:
        return Presentation.SILENCE if self.how == "silence" else Presentation.CONNECTION_LOST
