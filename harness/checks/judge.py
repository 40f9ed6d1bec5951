"""From a trace to its verdicts: which checks apply, and what their words are worth for this run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from fake_servers.faults.script import Fate
from harness.checks.registry import CHECKS, WORST_FIRST, Check, Finding, Ruling, Verdict, inconclusive, not_applicable
from harness.trace.trace import Trace


def judge(trace: Trace) -> list[Verdict]:
    """What every registered check says of the trace, in the order of the registry. Pure: same trace, same verdicts."""
    doubt = _doubt(trace)
    return [Verdict(check, _finding(check, trace, doubt)) for check in CHECKS.values()]


def worst(verdicts: Sequence[Verdict]) -> Ruling:
    """The ruling of the whole run. Only ``must`` counts; if no such check applied, nothing was shown: inconclusive."""
    rulings = {v.ruling for v in verdicts if v.check.level == "must"} - {Ruling.NOT_APPLICABLE}
    return next((ruling for ruling in WORST_FIRST if ruling in rulings), Ruling.INCONCLUSIVE)


def summary(verdicts: Sequence[Verdict]) -> str:
    """``n of m checks judged``, and how the rest came out, in one line."""
    counts = Counter(verdict.ruling for verdict in verdicts)
    judged = counts[Ruling.PASSED] + counts[Ruling.FAILED]
    rest = [f"{counts[ruling]} {ruling}" for ruling in (Ruling.FAILED, Ruling.INCONCLUSIVE) if counts[ruling]]
    return f"{judged} of {len(verdicts)} checks judged" + (f" ({', '.join(rest)})" if rest else "")


def _finding(check: Check, trace: Trace, doubt: str) -> Finding:
    if why := _out_of_sight(check, trace):
        return not_applicable(why)
    try:
        finding = check.rule(trace)
    except Exception as error:  # noqa: BLE001  # a check that crashes, house or third party, must not pass for a verdict
        return inconclusive(f"check {check.id} ({check.rule.__name__}) crashed: {type(error).__name__}: {error}")
    if finding.ruling is Ruling.PASSED and doubt:
        return replace(finding, ruling=Ruling.INCONCLUSIVE, observed=doubt)
    return finding


def _out_of_sight(check: Check, trace: Trace) -> str:
    """Why the check has nothing to look at; empty if it has."""
    operation, capabilities = trace.head.scenario.operation, trace.head.capabilities
    if operation not in check.operations:
        return f"the rule is not about {operation}"
    if check.needs <= capabilities:
        return ""
    return f"cannot be seen of this client: {', '.join(sorted(check.needs - capabilities))}"


def _doubt(trace: Trace) -> str:
    """Why a pass proves nothing in this run; empty if it does. A failure stays a failure: it was seen."""
    if trace.end is None:
        return "the trace breaks off before the end of the run"
    if trace.cut_short:
        return f"the run was cut short ({trace.end.why})"
    if unfired := [place for place, fate in enumerate(trace.end.fates) if fate == Fate.UNFIRED]:
        return f"the fault in place {', '.join(map(str, unfired))} of the script met its moment and changed nothing"
    if unmet := [place for place, fate in enumerate(trace.end.device_fates) if fate == Fate.UNFIRED]:
        return f"what happened to the device in place {', '.join(map(str, unmet))} of its list met no round"
    return ""
