"""Fault sequences as scenarios: which faults can meet which attempt of which exchange, and how many sequences there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from fake_servers.faults.base import FAULTS, ConnectFault, ConnectPlan, Fault, Layer
from fake_servers.faults.script import SERVICE_OF, Rule, When
from fake_servers.given import Given
from fake_servers.services.decision import Exchange
from harness.operations.catalogue import OPERATIONS
from harness.scenario.model import Do, Expectation, Moment, Outcome, Scenario, UserAction, WorldSettings
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.tiers.covering import covering_array

FIRST_ATTEMPT_S = 0.5
"""How long nobody listens for ``refused``: over before any client of good manners tries again."""

RETRIES = 2
"""How often the user takes up an offer to try again."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A situation in which an operation makes these exchanges, in this order of first requests."""

    name: str
    operation: Operation
    exchanges: tuple[Exchange, ...]
    given: Given
    user: tuple[UserAction, ...] = ()
    dialect: str = "wmdrm"


_CONSENTS = UserAction(when=Phase.CONSENT_NEEDED, do=Do.CONSENT, times=RETRIES + 1)
_PAGE_DONE = UserAction(when=Phase.PAGE_NEEDED, do=Do.COMPLETE_PAGE, after=1.0, times=RETRIES + 1)
_RETRIES = UserAction(when=Moment.RETRY_OFFERED, do=Do.RETRY, after=2.0, times=RETRIES)

_E, _O = Exchange, Operation

# fmt: off
GROUNDS = (
    Ground("consented", _O.INDIVIDUALIZATION, (_E.INDIVIDUALIZATION,), Given(individualized=False), (_CONSENTS,)),
    Ground("silent", _O.LICENSE_ACQUISITION, (_E.LICENSE,), Given(), (_CONSENTS,)),
    Ground("with a page", _O.LICENSE_ACQUISITION, (_E.LICENSE, _E.MONITOR), Given(silent=False),
           (_CONSENTS, _PAGE_DONE)),
    Ground("individualized on the way", _O.LICENSE_ACQUISITION, (_E.LICENSE, _E.INDIVIDUALIZATION),
           Given(client_version="2.1"), (_CONSENTS,)),
    Ground("by order", _O.LICENSE_REVOCATION, (_E.REVOCATION, _E.ACKNOWLEDGEMENT), Given(licenses=("film", "trailer"))),
    Ground("by release", _O.LICENSE_REVOCATION, (_E.RELEASE,), Given(licenses=("film",)), dialect="clearkey"),
    Ground("to the vault", _O.LICENSE_BACKUP, (_E.BACKUP,), Given(licenses=("film", "trailer"), vault=True)),
    Ground("to the same computer", _O.LICENSE_RESTORE, (_E.RESTORE,), Given(backup=("film", "trailer")), (_CONSENTS,)),
    Ground("to a new computer", _O.LICENSE_RESTORE, (_E.RESTORE, _E.INDIVIDUALIZATION),
           Given(individualized=False, backup=("film", "trailer")), (_CONSENTS,)),
)
# fmt: on
"""Where enumeration takes place. Each exchange of each operation is made in one of them."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One attempt of one exchange, and what may meet it; the first choice is nothing at all."""

    exchange: Exchange
    attempt: int
    choices: tuple[Fault | None, ...]


@dataclass(frozen=True, slots=True)
class History:
    """One sequence of faults. ``faults`` are those that are not None, each with its slot."""

    ground: Ground
    faults: tuple[tuple[Slot, Fault], ...]

    @property
    def name(self) -> str:
        """Short words for it: ``license 1 reset_after, license 2 status``."""
        return ", ".join(f"{slot.exchange} {slot.attempt} {fault.name}" for slot, fault in self.faults) or "undisturbed"


@dataclass(frozen=True, slots=True)
class Space:
    """All sequences on one ground, up to a number of attempts of each exchange."""

    ground: Ground
    slots: tuple[Slot, ...]

    @property
    def size(self) -> int:
        """How many sequences there are."""
        return prod(len(slot.choices) for slot in self.slots)

    def histories(self, *, most: int, strength: int) -> Iterator[History]:
        """Every sequence if there are ``most`` at the most; else each fault alone, then a covering array of this strength.

        Fewer faults come first, so that the first of several failures is the simplest.
        """
        sizes = [len(slot.choices) for slot in self.slots]
        rows = covering_array(sizes, len(sizes) if self.size <= most else strength)
        if self.size > most:
            rows += [_alone(len(sizes), slot, choice) for slot, size in enumerate(sizes) for choice in range(size)]
        for row in sorted(dict.fromkeys(rows), key=lambda row: (sum(choice > 0 for choice in row), row)):
            yield self.history(row)

    def history(self, row: Sequence[int]) -> History:
        """The sequence that takes these choices."""
        chosen = ((slot, slot.choices[choice]) for slot, choice in zip(self.slots, row, strict=True))
        return History(self.ground, tuple((slot, fault) for slot, fault in chosen if fault is not None))


def space_of(ground: Ground, faults: Sequence[Fault], attempts: int) -> Space:
    """The sequences of these faults over so many attempts of each exchange."""
    slots: list[Slot] = []
    served: set[str] = set()
    for exchange in ground.exchanges:
        shares = SERVICE_OF[exchange] in served
        served.add(SERVICE_OF[exchange])
        for attempt in range(1, attempts + 1):
            is_first = attempt == 1 and not slots
            able = [fault for fault in faults if _can_meet(fault, is_first=is_first, shares=shares)]
            slots.append(Slot(exchange, attempt, (None, *able)))
    return Space(ground, tuple(slots))


def _can_meet(fault: Fault, *, is_first: bool, shares: bool) -> bool:
    """Connections are counted by service, so an exchange that shares one has none of its own; a window needs a known time."""
    if fault.layer not in (Layer.CONNECT, Layer.TLS):
        return True
    return is_first if _refuses(fault) else not shares


def example_faults(names: Sequence[str] = ()) -> tuple[Fault, ...]:
    """Each registered fault with each of its examples; of these names only, if any are given.

    Raises:
        UnknownNameError: There is no such fault.
    """
    return tuple(FAULTS[name].model_validate(example) for name in names or FAULTS for example in FAULTS[name].examples)


def scenario_of(history: History, *, number: int = 0) -> Scenario:
    """The scenario in which this sequence happens; the user tries again where that is offered."""
    ground = history.ground
    ends = dict.fromkeys(row.says for row in OPERATIONS[ground.operation].rows if row.says is not None and row.says.settles)
    return Scenario(
        about=f"Found by enumeration, {ground.name}: {history.name}.",
        name=f"enumerated/{ground.operation.value}-{number}",
        operation=ground.operation,
        dialect=ground.dialect,
        tags=("enumerated",),
        world=WorldSettings(tls=any(fault.layer is Layer.TLS for _, fault in history.faults)),
        given=ground.given,
        faults=tuple(_rules(history)),
        user=(*ground.user, _RETRIES),
        expect=Expectation(outcome=tuple(Outcome(end.value) for end in ends if end is not Phase.CANCELLED)),
    )


def _rules(history: History) -> Iterator[Rule]:
    """Each fault at its address. An attempt that meets a connect fault makes no request, and a refused one no connection."""
    unheard: Counter[Exchange] = Counter()
    unseen: Counter[str] = Counter()
    for slot, fault in history.faults:
        exchange, service = slot.exchange, SERVICE_OF[slot.exchange]
        if _refuses(fault):
            yield Rule(when=When(service=service, from_s=0.0, for_s=FIRST_ATTEMPT_S), fault=fault)
            unseen[service] += 1
            unheard[exchange] += 1
        elif fault.layer in (Layer.CONNECT, Layer.TLS):
            yield Rule(when=When(service=service, connection=slot.attempt - unseen[service]), fault=fault)
            unheard[exchange] += 1
        else:
            yield Rule(when=When(exchange=exchange, nth=slot.attempt - unheard[exchange]), fault=fault)


def _refuses(fault: Fault) -> bool:
    return isinstance(fault, ConnectFault) and fault.on_connect() is ConnectPlan.REFUSE


def _alone(width: int, slot: int, choice: int) -> tuple[int, ...]:
    return tuple(choice if place == slot else 0 for place in range(width))
