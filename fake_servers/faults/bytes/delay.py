"""A late first byte."""

from collections.abc import Iterator
from random import Random
from typing import ClassVar, Self

from pydantic import model_validator

from fake_servers.faults.base import Action, ByteFault, Examples, Presentation, Send, Wait, fault
from fake_servers.faults.bytes.patience import slow_or_silent
from fake_servers.quantities import Seconds


@fault("delay")
class Delay(ByteFault):
    """The first byte of the reply is late by ``delay`` and up to ``jitter`` more; then all of it arrives at once.

    A client that waits long enough succeeds; one whose time limit is shorter meets silence. The service did its work before
    the wait.

    Attributes:
        delay: The least that the reply is late.
        jitter: The most that is added to it, drawn evenly from the world's seed.
    """

    examples: ClassVar[Examples] = ({"delay": "800 ms", "jitter": "200 ms"}, {"delay": "2 min"})

    delay: Seconds
    jitter: Seconds = 0.0

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.delay + self.jitter == 0:
            raise ValueError("a delay of 0 s without jitter changes nothing; give 'delay' or 'jitter' more than 0 s")
        return self

    def stream(self, rng: Random) -> "Late":
        return Late(self.delay + rng.uniform(0, self.jitter))

    def presents_as(self) -> Presentation:
        return slow_or_silent(self.delay)


class Late:
    """Waits once, before the first byte."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._waited = False

    def feed(self, chunk: bytes) -> Iterator[Action]:
        if not chunk:
            return
        if not self._waited:
            self._waited = True
            yield Wait(self._delay_s)
        yield Send(chunk)
