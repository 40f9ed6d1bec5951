"""What a user does in a history: how patient, how willing, and whether and when the user stops it.

The operation's own table says what can be asked and from where it can be cancelled.
"""

from __future__ import annotations

from functools import lru_cache

from harness.explore.decisions import Source
from harness.explore.grounds import RETRIES, TRIES_AGAIN, Ground
from harness.operations.catalogue import OPERATIONS
from harness.scenario.consistency import ANSWERS, phases_of
from harness.scenario.model import Do, UserAction
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.status.phase import Phase

PATIENCE = (
    (TRIES_AGAIN,),
    (TRIES_AGAIN.model_copy(update={"after": 0.0}),),
    (TRIES_AGAIN.model_copy(update={"after": 30.0}),),
    (TRIES_AGAIN.model_copy(update={"after": 0.0, "times": RETRIES + 4}),),  # again and again
    (),
)
"""How the user takes an offer to try again."""

UNWILLING = {Do.CONSENT: Do.REFUSE, Do.OVERWRITE: Do.KEEP}
"""What the user may answer instead."""

MOMENTS_S = (0.0, 0.2, 1.0, 5.0, 12.0)
"""When the user stops it, where no status is waited for."""


def acts_of(ground: Ground, profile: Profile, source: Source) -> tuple[UserAction, ...] | None:
    """What the user does; None where that is what every willing user does."""
    answers = tuple(_answer(ground, action, source) for action in ground.user)
    patience = source.pick(f"{ground.name}.patience", PATIENCE, (6, 2, 1, 1, 1))
    ways = ways_to_cancel(ground.operation, profile)
    cancels = source.pick(f"{ground.name}.cancels", ways, (2 * len(ways), *[1] * (len(ways) - 1)))
    acts = (*(action for action in answers if action is not None), *cancels, *patience)
    return None if acts == (*ground.user, TRIES_AGAIN) else acts


def _answer(ground: Ground, willing: UserAction, source: Source) -> UserAction | None:
    ways = answers_for(willing)
    return source.pick(f"{ground.name}.{willing.do}", ways, (4, *[1] * (len(ways) - 1)))


@lru_cache(maxsize=64)
def answers_for(willing: UserAction) -> tuple[UserAction | None, ...]:
    """The willing answer, the other one, that only once and no answer then, a late one, or none."""
    ways: list[UserAction | None] = [willing]
    if (other := UNWILLING.get(willing.do)) is not None:
        ways.append(willing.model_copy(update={"do": other}))
        ways.append(willing.model_copy(update={"do": other, "times": 1}))  # and nothing if asked again
    ways.append(willing.model_copy(update={"after": 20.0}))
    if willing.do is Do.COMPLETE_PAGE:
        ways.append(None)  # clients give a page up some time; for an answer they wait for ever
    return tuple(ways)


def ways_to_cancel(operation: Operation, profile: Profile) -> tuple[tuple[UserAction, ...], ...]:
    """Not at all; once the client says that it is where it can be stopped; or at some time. Who is asked, answers instead."""
    said = phases_of(operation)
    asked = {question for question in ANSWERS.values() if question in said}
    return _cancels_of(operation, frozenset(phase for phase in said - asked if profile.reports(phase)))


@lru_cache(maxsize=64)
def _cancels_of(operation: Operation, reported: frozenset[Phase]) -> tuple[tuple[UserAction, ...], ...]:
    lifecycle = OPERATIONS[operation]
    may = {row.source for row in lifecycle.rows if row.trigger == "cancel"}
    said = dict.fromkeys(row.says for row in lifecycle.rows if row.destination in may and row.says in reported)
    by_word = [UserAction(when=phase, do=Do.CANCEL) for phase in said if phase is not None]
    by_time = [UserAction(at=moment, do=Do.CANCEL) for moment in MOMENTS_S]
    return ((), *((action,) for action in (*by_word, *by_time)))
