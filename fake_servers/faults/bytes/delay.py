"""A late first byte."""

from collections.abc import Callable, Iterator
from random import Random
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from fake_servers.faults.base import Action, ByteFault, Examples, Presentation, Send, Wait, fault
from fake_servers.faults.bytes.patience import slow_or_silent
from fake_servers.quantities import Seconds

PARETO_SHAPE = 1.5
"""A mean there is, a variance there is not: now and then one is later than all before it together."""

# fmt: off
DRAWS: dict[str, Callable[[Random, float], float]] = {
    # How much is added to the delay, of a distribution with this jitter.
    "uniform":   lambda rng, jitter: rng.uniform(0, jitter),
    "normal":    lambda rng, jitter: rng.gauss(0, jitter),
    "lognormal": lambda rng, jitter: jitter * rng.lognormvariate(0, 1),
    "pareto":    lambda rng, jitter: jitter * (rng.paretovariate(PARETO_SHAPE) - 1),
}
# fmt: on


@fault("delay")
class Delay(ByteFault):
    """The first byte of the reply is late by ``delay``, more or less as ``jitter`` says; then all of it arrives at once.

    A client that waits long enough succeeds; one whose time limit is shorter meets silence. The service did its work before
    the wait. All is drawn from the world's seed: the same in every run. Without jitter the delay is constant.

    Attributes:
        delay: The least that the reply is late; for ``normal`` the mean.
        jitter: Of ``uniform`` the most that is added, of ``normal`` the standard deviation, of ``lognormal`` the median of what
            is added, of ``pareto`` the scale of what is added.
        distribution: What the jitter is like: ``uniform``; ``normal``, on both sides of the delay; ``lognormal``, as on a busy
            line; ``pareto``, with rare and very late ones.
        at_most: However it is drawn, it is no later than this.
    """

    examples: ClassVar[Examples] = (
        {"delay": "800 ms", "jitter": "200 ms"},
        {"delay": "2 min"},
        {"delay": "300 ms", "jitter": "300 ms", "distribution": "pareto", "at_most": "5 s"},
    )

    delay: Seconds
    jitter: Seconds = 0.0
    distribution: Literal["uniform", "normal", "lognormal", "pareto"] = "uniform"
    at_most: Seconds = 3600.0

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.delay + self.jitter == 0:
            raise ValueError("a delay of 0 s without jitter changes nothing; give 'delay' or 'jitter' more than 0 s")
        if self.at_most < self.delay:
            raise ValueError("'at_most' is less than 'delay'")
        return self

    def stream(self, rng: Random) -> "Late":
        drawn = self.delay + DRAWS[self.distribution](rng, self.jitter)
        return Late(min(max(drawn, 0.0), self.at_most))

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
