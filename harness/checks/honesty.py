"""What an honest client may name as the reason: everything that the wire, the user and the situation showed it.

Lenient on purpose. A round may hold several causes and a client may name any of them; what it may not name is something that
did not happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fake_servers.faults.base import Presentation
from fake_servers.journal import ConnectionRefused, FaultFired, HandshakeFailed, ListenerChanged, ListenerDeaf, ReplySent
from fake_servers.services.decision import Answer
from harness.status.operation import Operation
from harness.status.reason import HONEST_REASONS, Reason
from harness.trace.entry import DeviceChanged, Entry, UserActed
from harness.trace.trace import Exchanged, Round, Trace, is_kill

_R = Reason
_P = Presentation

# fmt: off
ANSWER_REASONS: dict[Answer, frozenset[Reason]] = {
    # What a service decides by itself. The answers by which it works give no reason at all.
    Answer.NEEDS_INDIVIDUALIZATION: frozenset({_R.NEEDS_INDIVIDUALIZATION}),
    Answer.PAGE_REQUIRED:           frozenset({_R.INTERACTION_REQUIRED, _R.PAGE_NOT_COMPLETED}),
    Answer.PAGE_PENDING:            frozenset({_R.INTERACTION_REQUIRED, _R.PAGE_NOT_COMPLETED}),
    Answer.CLIENT_TOO_OLD:          frozenset({_R.CLIENT_TOO_OLD, _R.LICENSE_DENIED}),
    Answer.DENIED:                  frozenset({_R.LICENSE_DENIED}),
    Answer.DEVICE_REVOKED:          frozenset({_R.DEVICE_REVOKED, _R.LICENSE_DENIED}),
    Answer.LICENSE_EXPIRED:         frozenset({_R.LICENSE_EXPIRED, _R.LICENSE_UNUSABLE}),
    Answer.STALE_NONCE:             frozenset({_R.REPLAYED_REQUEST}),
    Answer.QUOTA_USED_UP:           frozenset({_R.QUOTA_USED_UP}),
    Answer.RESTORE_LIMIT:           frozenset({_R.RESTORE_LIMIT}),
    Answer.NOTHING_TO_RESTORE:      frozenset({_R.NOTHING_TO_RESTORE, _R.BACKUP_CORRUPT}),
    Answer.BACKUP_CORRUPT:          frozenset({_R.BACKUP_CORRUPT, _R.NOTHING_TO_RESTORE}),
    Answer.TOO_MANY_RESETS:         frozenset({_R.TOO_MANY_RESETS, _R.SERVICE_UNAVAILABLE}),
    Answer.MAINTENANCE:             frozenset({_R.MAINTENANCE, _R.SERVICE_UNAVAILABLE}),
    Answer.MALFORMED:               frozenset({_R.REQUEST_REFUSED}),
}

USER_REASONS: dict[str, frozenset[Reason]] = {
    "cancel": frozenset({_R.CANCELLED_BY_USER}),
    "refuse": frozenset({_R.CONSENT_REFUSED}),
    "keep":   frozenset({_R.CONSENT_REFUSED, _R.BACKUP_EXISTS}),
}
# fmt: on

HIDDEN_FROM_A_PAGE = frozenset(
    {_R.NAME_NOT_RESOLVED, _R.CONNECTION_REFUSED, _R.TLS_UNTRUSTED, _R.TLS_FAILED, _R.TOO_MANY_REDIRECTS}
)
"""A browser tells a page no more of these than that there was a network error (WHATWG Fetch, "network error")."""

NO_HANDSHAKE = frozenset({_R.TLS_FAILED, _R.TLS_UNTRUSTED, _R.CONNECTION_LOST})
NO_ANSWER = frozenset({_R.TIMED_OUT, _R.CONNECTION_LOST})


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that went wrong, and the reasons by which an honest client may call it."""

    entry: Entry
    reasons: frozenset[Reason]


def causes(trace: Trace, round_: Round, until: Entry) -> tuple[Cause, ...]:
    """What went wrong on the wire in a round up to an entry, in order."""
    found = [*_seen_on_the_wire(trace, round_, until), *_unanswered(trace, round_, until)]
    return tuple(sorted(found, key=lambda cause: cause.entry.n))


def honest_reasons(trace: Trace, round_: Round, until: Entry) -> frozenset[Reason]:
    """The reasons that an honest client may name in this entry of the round. ``unknown`` is never a lie."""
    reasons = {Reason.UNKNOWN} | by_the_situation(trace)
    for cause in causes(trace, round_, until):
        reasons |= cause.reasons
    for entry, acted in round_.of(UserActed):
        if entry.n < until.n:
            reasons |= USER_REASONS.get(acted.do, frozenset())
    policy = trace.profile.retry
    if policy is not None and until.at - round_.opened.at >= policy.deadline:
        reasons.add(Reason.TIMED_OUT)
    return frozenset(reasons)


def as_the_client_sees(trace: Trace, reasons: frozenset[Reason]) -> frozenset[Reason]:
    """The reasons, and what a page may say because its browser hides which of them it was."""
    is_hidden = trace.head.adapter == "browser" and reasons & HIDDEN_FROM_A_PAGE
    return reasons | {_R.CONNECTION_LOST} if is_hidden else reasons


def _seen_on_the_wire(trace: Trace, round_: Round, until: Entry) -> Iterator[Cause]:
    if not _listens(trace, round_.opened):
        yield Cause(round_.opened, HONEST_REASONS[_P.CONNECTION_REFUSED])
    if _is_deaf(trace, round_.opened):
        yield Cause(round_.opened, HONEST_REASONS[_P.SILENCE])
    yield from _brought_along(trace, round_.opened)
    last = min(until.n, round_.ended.n + 1)
    for cause in _told_by_the_wire(trace):
        if round_.opened.n <= cause.entry.n < last:
            yield cause


def _told_by_the_wire(trace: Trace) -> tuple[Cause, ...]:
    """All that went wrong on the wire, in whatever round."""
    known: tuple[Cause, ...] | None = trace.worked_out.get(_told_by_the_wire)
    if known is None:
        known = trace.worked_out[_told_by_the_wire] = tuple(_told(trace))
    return known


def _told(trace: Trace) -> Iterator[Cause]:
    spoiled = {fired.connection for _, fired in trace.of(FaultFired) if fired.request is None}
    for entry in trace.entries:
        match entry.what:
            case FaultFired(presents_as=_P.CONNECTION_LOST, request=None) if trace.head.scenario.world.tls:
                yield Cause(entry, HONEST_REASONS[_P.CONNECTION_LOST] | NO_HANDSHAKE)  # it broke off in the handshake
            case FaultFired(presents_as=words) if honest := HONEST_REASONS.get(Presentation(words)):  # none: it harms nobody
                yield Cause(entry, as_the_client_sees(trace, honest))
            case DeviceChanged(reasons=named) if named:
                yield Cause(entry, as_the_client_sees(trace, frozenset(named)))
            case ConnectionRefused() | ListenerChanged(listening=False):
                yield Cause(entry, HONEST_REASONS[_P.CONNECTION_REFUSED])
            case ListenerDeaf(deaf=True):
                yield Cause(entry, HONEST_REASONS[_P.SILENCE])
            case HandshakeFailed(connection=connection) if connection not in spoiled:
                yield Cause(entry, NO_HANDSHAKE)
            case ReplySent() as reply if reasons := _named_by(reply):
                yield Cause(entry, reasons)


def _brought_along(trace: Trace, moment: Entry) -> Iterator[Cause]:
    """What had happened to the device before, and still shows."""
    last = {changed.step: entry for entry, changed in trace.of(DeviceChanged) if entry.n < moment.n}
    for entry in last.values():
        if isinstance(entry.what, DeviceChanged) and entry.what.reasons:
            yield Cause(entry, as_the_client_sees(trace, frozenset(entry.what.reasons)))


def _unanswered(trace: Trace, round_: Round, until: Entry) -> Iterator[Cause]:
    """Requests that got no whole reply although no fault met them: the client could only see that nothing came."""
    for exchanged in trace.exchanges_in(round_):
        if exchanged.request.n < until.n and not exchanged.faults and not _was_answered(exchanged, until):
            yield Cause(exchanged.request, NO_ANSWER)


def _was_answered(exchanged: Exchanged, until: Entry) -> bool:
    reply = exchanged.reply
    return reply is not None and reply.n < until.n and exchanged.answered is not None and exchanged.answered.complete


def _named_by(reply: ReplySent) -> frozenset[Reason]:
    """By its answer, and, where a service refuses by HTTP status, by what that status says to a client that reads no more."""
    if reply.answer not in ANSWER_REASONS:
        return frozenset()
    reasons = ANSWER_REASONS[Answer(reply.answer)]
    if reply.status is not None and reply.status >= 500:
        return reasons | {Reason.SERVICE_UNAVAILABLE}
    if reply.status is not None and reply.status >= 400:
        return reasons | {Reason.REQUEST_REFUSED, Reason.LICENSE_DENIED}
    return reasons


def _is_deaf(trace: Trace, moment: Entry) -> bool:
    """Whether a service answered no knock at this moment."""
    state = {changed.service: changed.deaf for entry, changed in trace.of(ListenerDeaf) if entry.n < moment.n}
    return any(state.values())


def _listens(trace: Trace, moment: Entry) -> bool:
    """Whether all services listened at this moment."""
    state = {changed.service: changed.listening for entry, changed in trace.of(ListenerChanged) if entry.n < moment.n}
    return all(state.values())


def by_the_situation(trace: Trace) -> set[Reason]:
    """What the scenario itself gives a client to say, on any wire."""
    scenario = trace.head.scenario
    given, operation = scenario.given, scenario.operation
    was_killed = any(is_kill(changed) for _, changed in trace.of(DeviceChanged))  # and may have made one before
    # fmt: off
    holds = {
        Reason.NOT_SUPPORTED:           not scenario.settings.supported or operation not in trace.profile.operations,
        Reason.URL_UNTRUSTED:           given.url_trust == "untrusted",
        Reason.URL_TAMPERED:            given.url_trust == "tampered",
        Reason.NEEDS_INDIVIDUALIZATION: not given.individualized,
        Reason.LICENSES_RESTRICTED:     bool(given.restricted),
        Reason.NOT_ALL_STORED:          bool(given.unrestorable),
        Reason.BACKUP_EXISTS:           operation is Operation.LICENSE_BACKUP and (given.backup is not None or was_killed),
        Reason.NOTHING_TO_RESTORE:      operation is Operation.LICENSE_RESTORE and not given.backup,
    }
    # fmt: on
    return {reason for reason, is_so in holds.items() if is_so}
