"""The handshake stands still."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from fake_servers.faults.base import Examples, Flight, HandshakeStall, Presentation, TlsFault, fault
from fake_servers.faults.bytes.patience import slow_or_silent
from fake_servers.quantities import Seconds


@fault("handshake_stall")
class HandshakeStalls(TlsFault):
    """The handshake stands still for ``stall``, and then goes on as if nothing had been.

    The connection is there, so a time limit for connecting may or may not cover it. A client that waits long enough succeeds;
    one whose time limit is shorter meets silence and has sent no request.

    Attributes:
        before: What is held up: ``hello``, the server's whole first flight; ``certificate``, all behind its hello;
            ``finished``, its last word, for which the server speaks no newer version than TLS 1.2 (in TLS 1.3 the last word is
            the client's).
        stall: How long it stands still.
    """

    examples: ClassVar[Examples] = (
        {"before": "hello", "stall": "2 min"},
        {"before": "certificate", "stall": "2 s"},
        {"before": "finished", "stall": "2 s"},
    )

    before: Literal["hello", "certificate", "finished"] = "hello"
    stall: Annotated[Seconds, Field(gt=0)]

    def handshake(self) -> HandshakeStall:
        return HandshakeStall(Flight(self.before), self.stall)

    def presents_as(self) -> Presentation:
        return slow_or_silent(self.stall)
