"""What a fault is: a frozen value with validated parameters and one hook, per layer.

A fault never asks which network carries it and never touches a socket: it answers with actions or values, and the player
(``player.py``) and the session perform them. The five layers, by the moment at which they act:

=========  ============================================  =================================================
layer      base class                                     hook
=========  ============================================  =================================================
connect    ``ConnectFault``                               ``on_connect() -> Connect``
tls        ``TlsFault``                                   ``handshake() -> Handshake``
bytes      ``ByteFault``                                  ``stream(rng) -> ByteStream`` (bytes in, actions out)
http       ``HttpFault``                                  ``reply(honest, context) -> Reply | RawReply``
service    ``ServiceFault``                               ``decide(request, honest) -> Decision``
=========  ============================================  =================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from fake_servers.errors import RegistrationError
from fake_servers.registry import Registry
from fake_servers.services.decision import Decision, Exchange, ServiceRequest


class Presentation(StrEnum):
    """What an onlooker on the client's side can tell of a fault, in the server's own words.

    ``harness.status`` maps each to the set of reasons that an honest client may report.
    """

    HARMLESS = "nothing wrong"  # unusual and allowed: an honest client goes on
    CONNECTION_REFUSED = "connection refused"
    SILENCE = "silence"
    CONNECTION_LOST = "connection lost"
    SLOW = "slow"
    CORRUPTED = "corrupted bytes"
    UNTRUSTED_CERTIFICATE = "untrusted certificate"
    HANDSHAKE_BROKEN = "handshake broken"
    SERVER_ERROR = "server error"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate limited"
    REQUEST_REFUSED = "request refused"
    REDIRECTED = "redirected without end"
    NOT_A_LICENSE_REPLY = "not a license reply"
    IRREGULAR = "irregular http"  # a forgiving client reads it, a strict one does not
    LOGIN_REQUIRED = "login required"
    TOO_LARGE = "too large"
    NEEDS_INDIVIDUALIZATION = "needs individualization"
    CLIENT_TOO_OLD = "client too old"
    DENIED = "denied"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    WRONG_KEY = "wrong key"
    WRONG_CONTENT = "wrong content"
    REPLAYED_REPLY = "replayed reply"
    STALE_NONCE = "stale nonce"
    PARTIAL_LIST = "partial list"
    QUOTA_USED_UP = "quota used up"
    RESTORE_LIMIT = "restore limit reached"
    BACKUP_CORRUPT = "backup corrupt"
    TOO_MANY_RESETS = "too many resets"
    MAINTENANCE = "maintenance"


class Layer(StrEnum):
    """Where a fault acts."""

    CONNECT = "connect"
    TLS = "tls"
    BYTES = "bytes"
    HTTP = "http"
    SERVICE = "service"


Network = Literal["simulated", "loopback"]
BOTH_NETWORKS: frozenset[Network] = frozenset(("simulated", "loopback"))
LOOPBACK_ONLY: frozenset[Network] = frozenset(("loopback",))
SIMULATED_ONLY: frozenset[Network] = frozenset(("simulated",))


Examples = tuple[dict[str, Any], ...]
"""Parameters as a scenario would write them, each time without its fault's name."""


class Fault(BaseModel):
    """One declared misbehaviour. Subclass one of the layer bases below and decorate with ``@fault("name")``.

    Attributes:
        examples: Parameters worth trying, at least once for each thing that it can present as. An exhaustive search takes each
            of them, the reference of the documentation and the tests are made from them, too.
        needs_tls: It disturbs what only a connection with TLS has.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    layer: ClassVar[Layer]
    reach: ClassVar[frozenset[Network]] = BOTH_NETWORKS
    examples: ClassVar[Examples] = ({},)
    needs_tls: ClassVar[bool] = False

    @property
    def goes_by_date(self) -> bool:
        """Whether what it does depends on the date, so that it does not do the same tomorrow."""
        return False

    def presents_as(self) -> Presentation:
        """What the client can tell of it, given these parameters."""
        raise NotImplementedError(f"{type(self).__name__} must say what it presents as")  # refused by @fault at import


# ── connect ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class ConnectPlan(StrEnum):
    """What becomes of a new connection."""

    REFUSE = "refuse"  # nobody listens: addressed by time only, since a server cannot see whom it refused
    SILENCE = "silence"  # accepted, then never a byte
    RESET = "reset"  # accepted, then reset
    DROP = "drop"  # nobody answers the knock: addressed by time only, too


@dataclass(frozen=True, slots=True)
class StopReading:
    """Accepted, and then not one byte of what the client sends is read for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class EarlyReply:
    """Answered with this status as soon as the first bytes of a request are there, whatever it asks for."""

    status: int


Connect = ConnectPlan | StopReading | EarlyReply


class ConnectFault(Fault):
    """Acts before the first byte; addressed by service and connection number, or by service and time."""

    layer: ClassVar[Layer] = Layer.CONNECT

    def on_connect(self) -> Connect:
        """What happens to the connection it meets."""
        raise NotImplementedError


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class HandshakePlan(StrEnum):
    """What the client meets when it begins TLS. The first ones are certificates, by the name of their file."""

    UNKNOWN_CA = "unknown_ca"
    WRONG_HOST = "wrong_host"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    BROKEN_CHAIN = "broken_chain"
    RENEWED = "renewed"  # another one, just as good
    OLD_PROTOCOL = "old_protocol"  # the server speaks nothing newer than TLS 1.1
    CUT = "cut"  # reset after the client's first flight

    @property
    def is_untrusted(self) -> bool:
        """Whether a client that verifies must break off."""
        return self in _UNTRUSTED


_UNTRUSTED = frozenset(
    (
        HandshakePlan.UNKNOWN_CA,
        HandshakePlan.WRONG_HOST,
        HandshakePlan.EXPIRED,
        HandshakePlan.NOT_YET_VALID,
        HandshakePlan.BROKEN_CHAIN,
    )
)


class Flight(StrEnum):
    """What of the server's is held up: a handshake is a few flights, there and back."""

    HELLO = "hello"  # its whole first flight: not a byte answers the client's hello
    CERTIFICATE = "certificate"  # what follows its hello, which arrives
    FINISHED = "finished"  # its second flight, which there is up to TLS 1.2 only


@dataclass(frozen=True, slots=True)
class HandshakeStall:
    """The handshake stands still for so many seconds before this flight, and then goes on."""

    before: Flight
    seconds: float


@dataclass(frozen=True, slots=True)
class HandshakeAlert:
    """A fatal alert answers the client's hello. Numbers: RFC 8446, appendix B.2."""

    number: int


Handshake = HandshakePlan | HandshakeStall | HandshakeAlert


class TlsFault(Fault):
    """Acts in the handshake; addressed like a connect fault."""

    layer: ClassVar[Layer] = Layer.TLS
    needs_tls: ClassVar[bool] = True

    def handshake(self) -> Handshake:
        """What the client meets."""
        raise NotImplementedError


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Send:
    """Let these bytes of the reply through."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing moves for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reset:
    """RST, after everything sent so far has left this machine."""


@dataclass(frozen=True, slots=True)
class Fin:
    """Close in order (FIN), after everything sent so far."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Keep the connection open and never send another byte of this or any later reply on it."""


Action = Send | Wait | Reset | Fin | Silence
END = b""
"""Fed once, after the last byte of an undisturbed reply."""


class ByteStream(Protocol):
    """The bytes of one reply, turned into actions; sans-IO and without a clock."""

    def feed(self, chunk: bytes) -> Iterator[Action]:
        """Actions for the reply's next bytes; ``END`` (empty) once the reply is complete."""
        ...


class ByteFault(Fault):
    """Acts on the bytes of one reply, head and body as they go out (plaintext under TLS). The service did its work before."""

    layer: ClassVar[Layer] = Layer.BYTES

    def stream(self, rng: Random) -> ByteStream:
        """A fresh stream for one reply; all randomness comes from ``rng``, which the world seeds."""
        raise NotImplementedError


# ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Reply:
    """A well-formed HTTP reply. Header names as they shall appear."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class RawReply:
    """Bytes to be sent as they stand, well-formed or not, then FIN.

    Attributes:
        holds: The reply that a forgiving client finds in them, whole; None if nobody can find one.
        keeps_open: No FIN follows: the connection serves on, if the request allows it.
    """

    data: bytes
    holds: Reply | None = None
    keeps_open: bool = False


@dataclass(frozen=True, slots=True)
class HttpContext:
    """What an HTTP fault may know of the exchange it meets.

    Attributes:
        url: The request's full URL, as the client sees it.
        endpoints: Where each exchange can be had, by its name.
        epoch_s: The date of the moment of serving.
        rng: Seeded by the world.
    """

    url: str
    epoch_s: float
    rng: Random
    endpoints: Mapping[str, str] = field(default_factory=dict)


class HttpFault(Fault):
    """Replaces or changes the HTTP reply. ``instead`` says whether the service still does its work."""

    layer: ClassVar[Layer] = Layer.HTTP
    instead: ClassVar[bool] = True  # True: the request never reaches the service; False: it acts, then the reply is changed

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply | RawReply:
        """The reply to send. ``honest`` is the service's own, or None where ``instead`` keeps the request from it."""
        raise NotImplementedError

    def leads_home(self, url: str) -> bool:
        """Whether its redirects end at this address, where the service itself answers."""
        return False


# ── service ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class ServiceFault(Fault):
    """The service itself decides otherwise; the reply is well-formed in the session's dialect.

    Attributes:
        exchanges: Those whose service can decide so at all. A rule for any other is refused.
    """

    layer: ClassVar[Layer] = Layer.SERVICE
    exchanges: ClassVar[frozenset[Exchange]] = frozenset(Exchange)

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        """The decision to encode. Calling ``honest`` makes the service do its work; not calling it leaves the truth alone."""
        raise NotImplementedError


FAULTS: Registry[type[Fault]] = Registry("fault", entry_point_group="drm_harness.faults")

F = TypeVar("F", bound=type[Fault])

_HOOKS = {
    Layer.CONNECT: "on_connect",
    Layer.TLS: "handshake",
    Layer.BYTES: "stream",
    Layer.HTTP: "reply",
    Layer.SERVICE: "decide",
}
_BASES = (ConnectFault, TlsFault, ByteFault, HttpFault, ServiceFault)


def fault(name: str) -> Callable[[F], F]:
    """Register a fault class under the name that scenarios use.

    Raises:
        RegistrationError: The class has no layer base, no docstring, no ``presents_as`` or not the hook of its layer.
    """

    def register(cls: F) -> F:
        if not issubclass(cls, _BASES):
            raise RegistrationError(f"fault {name!r}: {cls.__name__} must extend one of {[b.__name__ for b in _BASES]}")
        if not cls.__doc__:
            raise RegistrationError(f"fault {name!r}: {cls.__name__} needs a docstring; lists and docs are made from it")
        for hook in ("presents_as", _HOOKS[cls.layer]):
            if any(getattr(cls, hook) is getattr(base, hook, None) for base in (Fault, *_BASES)):
                raise RegistrationError(f"fault {name!r}: {cls.__name__} must define {hook}()")
        cls.name = name
        FAULTS.add(name, cls)
        return cls

    return register
