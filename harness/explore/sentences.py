"""A scenario in one sentence, made from what happens in it."""

from __future__ import annotations

from fake_servers.faults.script import Rule
from fake_servers.quantities import seconds_text
from harness.scenario.model import Do, Moment, Scenario, UserAction

DEEDS = {
    Do.RETRY: "tries again",
    Do.CANCEL: "cancels",
    Do.CONSENT: "consents",
    Do.REFUSE: "refuses",
    Do.OVERWRITE: "agrees to overwrite",
    Do.KEEP: "keeps what is there",
    Do.COMPLETE_PAGE: "completes the page",
}
TEENS = range(11, 14)
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def sentence(scenario: Scenario, broken: str = "") -> str:
    """What goes wrong, what the user does, and which check it breaks.

    Args:
        broken: Id of the check.
    """
    events = [*map(_met, scenario.faults), *map(_done, scenario.user)]
    end = f"; {broken} is broken" if broken else ""
    return f"In {scenario.operation.value.replace('_', ' ')}, {', '.join(events) or 'nothing goes wrong'}{end}."


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    return f"{number}{'th' if number % 100 in TEENS else ENDINGS.get(number % 10, 'th')}"


def _met(rule: Rule) -> str:
    when = rule.when
    if when.connection is not None:
        return f"{rule.fault.name} meets the {ordinal(when.connection)} connection to {when.service}"
    if when.service is not None:
        window = f"from {seconds_text(when.from_s or 0.0)} for {seconds_text(when.for_s or 0.0)}"
        return f"{rule.fault.name} keeps {when.service} away {window}"
    which = " and ".join(ordinal(nth) for nth in when.nths)
    return f"{rule.fault.name} meets {f'the {which}' if which else 'every'} {when.exchange} request"


def _done(action: UserAction) -> str:
    after = f" {seconds_text(action.after)} later" if action.after else ""
    if action.at is not None:
        return f"the user {DEEDS[action.do]} after {seconds_text(action.at)}"
    moment = "where a retry is offered" if action.when is Moment.RETRY_OFFERED else f"at {action.when}"
    times = f", up to {action.times} times" if action.times > 1 else ""
    return f"the user {DEEDS[action.do]} {moment}{after}{times}"
