"""An answer before the question."""

from typing import ClassVar, Literal

from fake_servers.faults.base import ConnectFault, EarlyReply, Examples, Presentation, fault


@fault("early_reply")
class RepliesEarly(ConnectFault):
    """A reply comes as soon as the first bytes of a request are there, before it is read: a balancer without a server.

    What the client still sends is thrown away, and the connection ends. A client that listens only once it has sent
    everything may find a broken connection where there was an answer. The service reads nothing and does nothing.

    Attributes:
        status: The reply's status; its body is empty.
    """

    examples: ClassVar[Examples] = ({"status": 503},)

    status: Literal[408, 503] = 503

    def on_connect(self) -> EarlyReply:
        return EarlyReply(self.status)

    def presents_as(self) -> Presentation:
        return Presentation.UNAVAILABLE
