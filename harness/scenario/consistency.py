"""What a scenario may not say although each of its words is right: parts that contradict each other or can never happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fake_servers.dialects import DIALECTS
from fake_servers.faults.base import Layer, ServiceFault
from fake_servers.faults.script import SERVICE_OF, Rule
from fake_servers.faults.visible import is_visible
from fake_servers.services.decision import Exchange
from harness.operations.catalogue import OPERATIONS
from harness.scenario.model import Do, Scenario
from harness.scenario.position import Document, Path, Position, Problem
from harness.scenario.problems import nearest
from harness.status.operation import Operation
from harness.status.phase import Phase

EXCHANGES: dict[Operation, tuple[Exchange, ...]] = {
    Operation.INDIVIDUALIZATION: (Exchange.INDIVIDUALIZATION,),
    Operation.LICENSE_ACQUISITION: (Exchange.LICENSE, Exchange.MONITOR, Exchange.INDIVIDUALIZATION),
    Operation.LICENSE_REVOCATION: (Exchange.REVOCATION, Exchange.ACKNOWLEDGEMENT, Exchange.RELEASE),
    Operation.LICENSE_BACKUP: (Exchange.BACKUP,),
    Operation.LICENSE_RESTORE: (Exchange.RESTORE, Exchange.INDIVIDUALIZATION),
}
"""What an operation may send, side trips included; a dialect speaks a part of it."""

ANSWERS: dict[Do, Phase] = {
    Do.CONSENT: Phase.CONSENT_NEEDED,
    Do.REFUSE: Phase.CONSENT_NEEDED,
    Do.OVERWRITE: Phase.OVERWRITE_NEEDED,
    Do.KEEP: Phase.OVERWRITE_NEEDED,
    Do.COMPLETE_PAGE: Phase.PAGE_NEEDED,
}
"""Which question each answer of the user belongs to."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario whose parts are right one by one, and where they stand.

    Attributes:
        doubtful: Top-level keys that hold a default instead of what the file says, since that was wrong.
        places: Index of each rule in the file's list; rules that were wrong are left out of the scenario.
        device_places: The same of what happens to the device.
    """

    scenario: Scenario
    document: Document
    doubtful: frozenset[str] = frozenset()
    places: tuple[int, ...] = ()
    device_places: tuple[int, ...] = ()

    def at(self, *path: str | int) -> Position:
        """Where this value stands."""
        return self.document.at_value(path)

    def rules(self) -> Iterator[tuple[Path, Rule]]:
        """Each rule with its path in the file."""
        for place, rule in zip(self.places, self.scenario.faults, strict=True):
            yield ("faults", place), rule


def contradictions(draft: Draft) -> Iterator[Problem]:
    """Every contradiction that rests on no doubtful part."""
    for needed, check in CHECKS:
        if not draft.doubtful & set(needed):
            yield from check(draft)


def phases_of(operation: Operation) -> frozenset[Phase]:
    """What a client can say during the operation."""
    return frozenset(row.says for row in OPERATIONS[operation].rows if row.says is not None)


# ── the dialect ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _dialect_exists(draft: Draft) -> Iterator[Problem]:
    name = draft.scenario.dialect
    if name not in DIALECTS:
        yield Problem(draft.at("dialect"), f"no dialect is named {name!r}", nearest(name, DIALECTS, "Dialects"))


def _dialect_carries_the_operation(draft: Draft) -> Iterator[Problem]:
    name, operation = draft.scenario.dialect, draft.scenario.operation
    if name not in DIALECTS:
        return
    carried = DIALECTS[name].exchanges
    if _needs_network(draft) and not carried & set(EXCHANGES[operation]):
        able = [other for other, dialect in DIALECTS.items() if dialect.exchanges & set(EXCHANGES[operation])]
        what = f"the dialect {name!r} cannot carry {operation.value}"
        yield Problem(draft.at("dialect"), what, f"dialects that can: {', '.join(able)}")
    for path, rule in draft.rules():
        if rule.when.exchange in EXCHANGES[operation] and rule.when.exchange not in carried:
            what = f"the dialect {name!r} has no exchange {rule.when.exchange.value!r}: this fault would never happen"
            known = [exchange.value for exchange in EXCHANGES[operation] if exchange in carried]
            yield Problem(draft.at(*path, "when", "exchange"), what, f"its exchanges here: {', '.join(known) or 'none'}")


def _dialect_can_tell_of_the_faults(draft: Draft) -> Iterator[Problem]:
    if draft.scenario.dialect not in DIALECTS:
        return
    dialect = DIALECTS[draft.scenario.dialect]
    for path, rule in draft.rules():
        exchange, fault = rule.when.exchange, rule.fault
        if exchange not in dialect.exchanges or not isinstance(fault, ServiceFault):
            continue
        if not is_visible(fault, exchange, dialect):
            what = f"the dialect {dialect.name!r} has no word for {fault.name!r}: its reply would be the same without it"
            able = [
                name for name, other in DIALECTS.items() if exchange in other.exchanges and is_visible(fault, exchange, other)
            ]
            yield Problem(draft.at(*path, "fault"), what, f"dialects that have: {', '.join(able) or 'none'}")


def _needs_network(draft: Draft) -> bool:
    return draft.scenario.operation is not Operation.LICENSE_BACKUP or draft.scenario.given.vault


# ── what the device holds ────────────────────────────────────────────────────────────────────────────────────────────


def _given_names_what_exists(draft: Draft) -> Iterator[Problem]:
    given, operation = draft.scenario.given, draft.scenario.operation
    backed_up = given.backup or ()
    for key, names, source, known in (
        ("restricted", given.restricted, "'licenses' or 'backup'", (*given.licenses, *backed_up)),
        ("revoked", given.revoked, "'licenses'", given.licenses),
        ("unrestorable", given.unrestorable, "'backup'", backed_up),
    ):
        for index, name in enumerate(names):
            if name not in known:
                what = f"{key!r} names {name!r}, which {source} does not hold"
                yield Problem(
                    draft.at("given", key, index), what, f"add it there, or remove it here. {nearest(name, known, 'Known')}"
                )
    if given.also and operation is not Operation.LICENSE_ACQUISITION:
        what = f"{operation.value} acquires no license: 'also' would mean nothing"
        yield Problem(draft.at("given", "also"), what, "leave it out, or make it a license_acquisition")
    elif given.also and not given.silent:
        what = "a license page is for a single content: 'also' does not go with 'silent: false'"
        yield Problem(draft.at("given", "also"), what, "leave out one of them")
    if operation is Operation.LICENSE_RESTORE and given.backup is None:
        yield Problem(
            draft.at("given"), "a license_restore needs 'backup' in 'given'", "write what the backup holds: backup: [film]"
        )
    if operation is Operation.LICENSE_REVOCATION and not given.licenses:
        what = "a license_revocation needs 'licenses' in 'given'"
        yield Problem(draft.at("given"), what, "write what the device holds: licenses: [film]")


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _faults_can_happen(draft: Draft) -> Iterator[Problem]:
    operation = draft.scenario.operation
    sent = EXCHANGES[operation]
    services = tuple(dict.fromkeys(SERVICE_OF[exchange] for exchange in sent))
    for path, rule in draft.rules():
        if rule.when.exchange is not None and rule.when.exchange not in sent:
            what = f"{operation.value} has no exchange {rule.when.exchange.value!r}: this fault would never happen"
            yield Problem(draft.at(*path, "when", "exchange"), what, f"its exchanges: {', '.join(sent)}")
        if rule.when.service is not None and rule.when.service not in services:
            what = f"{operation.value} never speaks to the service {rule.when.service!r}: this fault would never happen"
            yield Problem(draft.at(*path, "when", "service"), what, f"its services: {', '.join(services)}")


def _backup_faults_need_the_vault(draft: Draft) -> Iterator[Problem]:
    if not _needs_network(draft):
        for path, _ in draft.rules():
            what = "a backup to a local folder sends nothing: this fault would never happen"
            yield Problem(draft.at(*path, "when"), what, "add 'vault: true' to 'given' for a backup over the network")


def _page_faults_need_a_page(draft: Draft) -> Iterator[Problem]:
    for path, rule in draft.rules():
        if rule.when.exchange is Exchange.MONITOR and draft.scenario.given.silent:
            what = "a silent acquisition never asks whether the page is done: this fault would never happen"
            yield Problem(draft.at(*path, "when", "exchange"), what, "add 'silent: false' to 'given'")


def _tls_faults_need_tls(draft: Draft) -> Iterator[Problem]:
    for path, rule in draft.rules():
        if rule.fault.needs_tls and not draft.scenario.world.tls:
            disturbs = "disturbs a TLS handshake" if rule.fault.layer is Layer.TLS else "needs TLS"
            what = f"{rule.fault.name!r} {disturbs}, and this world has none"
            yield Problem(draft.at(*path, "fault"), what, "add 'world: {tls: true}'")


# ── the user and the end ─────────────────────────────────────────────────────────────────────────────────────────────


def _user_moments_can_come(draft: Draft) -> Iterator[Problem]:
    operation = draft.scenario.operation
    said = phases_of(operation)
    for index, action in enumerate(draft.scenario.user):
        if isinstance(action.when, Phase) and action.when not in said:
            what = f"{operation.value} never says {action.when.value!r}: the user would wait for ever"
            to_do = nearest("", [phase.value for phase in Phase if phase in said], "it says")
            yield Problem(draft.at("user", index, "when"), what, to_do)
        question = ANSWERS.get(action.do)
        if question is not None and question not in said:
            what = f"{operation.value} never asks for {action.do.value!r}"
            fitting = [do.value for do in Do if ANSWERS.get(do) is None or ANSWERS[do] in said]
            yield Problem(draft.at("user", index, "do"), what, f"the user can: {', '.join(fitting)}")


def _device_moments_can_come(draft: Draft) -> Iterator[Problem]:
    operation = draft.scenario.operation
    said = phases_of(operation)
    for place, step in zip(draft.device_places, draft.scenario.device, strict=True):
        if step.when is not None and step.when not in said:
            what = f"{operation.value} never says {step.when.value!r}: this would never happen"
            to_do = nearest("", [phase.value for phase in Phase if phase in said], "it says")
            yield Problem(draft.at("device", place, "when"), what, to_do)


def _outcome_can_come(draft: Draft) -> Iterator[Problem]:
    operation, expect = draft.scenario.operation, draft.scenario.expect
    ends = [phase.value for phase in Phase if phase.settles and phase in phases_of(operation)]
    if not expect.outcomes:
        yield Problem(draft.at("expect", "outcome"), "'outcome' names no end at all", f"its ends: {', '.join(ends)}")
    for index, outcome in enumerate(expect.outcomes):
        if outcome.value not in ends:
            yield Problem(
                draft.at("expect", "outcome", index),
                f"{operation.value} never ends {outcome.value!r}",
                f"its ends: {', '.join(ends)}",
            )


def _requests_name_exchanges(draft: Draft) -> Iterator[Problem]:
    for name, most in draft.scenario.expect.requests.items():
        if name not in list(Exchange):
            position = draft.document.at_key(("expect", "requests", name))
            yield Problem(position, f"no exchange is named {name!r}", nearest(name, Exchange, "Exchanges"))
        if most < 0:
            yield Problem(
                draft.at("expect", "requests", name), f"{name!r} cannot be {most}", "write the most requests; 0 for none"
            )


Check = Callable[[Draft], Iterator[Problem]]

CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    # rests on                         check
    (("dialect",), _dialect_exists),
    (("operation", "dialect", "given"), _dialect_carries_the_operation),
    (("operation", "given"), _given_names_what_exists),
    (("dialect",), _dialect_can_tell_of_the_faults),
    (("operation",), _faults_can_happen),
    (("operation", "given"), _backup_faults_need_the_vault),
    (("given",), _page_faults_need_a_page),
    (("world",), _tls_faults_need_tls),
    (("operation", "user"), _user_moments_can_come),
    (("operation",), _device_moments_can_come),
    (("operation", "expect"), _outcome_can_come),
    (("expect",), _requests_name_exchanges),
)
