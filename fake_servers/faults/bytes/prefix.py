"""The stream that most byte faults share: so many bytes of the reply, then an end."""

from collections.abc import Iterator

from fake_servers.faults.base import Action, Fin, Reset, Send, Silence


class Prefix:
    """Lets exactly ``length`` bytes through, however they come in, and then ends the reply with ``ending``.

    A reply shorter than ``length`` passes whole and undisturbed.
    """

    def __init__(self, length: int, ending: Reset | Fin | Silence) -> None:
        self._left = length
        self._ending = ending
        self._ended = False

    def feed(self, chunk: bytes) -> Iterator[Action]:
        if self._ended:
            return
        passed = chunk[: self._left]
        self._left -= len(passed)
        self._ended = self._left == 0
        if passed:
            yield Send(passed)
        if self._ended:
            yield self._ending
