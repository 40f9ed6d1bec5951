"""Everything about one thing, by its name: a check, a fault, a reason, a code, and whatever else can stand in a report."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

import harness.checks  # noqa: F401  # registers the house's checks
from fake_servers.faults.base import FAULTS, Fault, Layer
from harness.checks.registry import CHECKS
from harness.errors import HarnessError, ScenarioError
from harness.languages.catalogue import SOURCE
from harness.operations.catalogue import OPERATIONS
from harness.operations.modern_names import MODERN_NAMES
from harness.report.examples import Snippet, examples
from harness.report.listing import summary
from harness.scenario.fields import texts_of
from harness.scenario.library import find
from harness.scenario.load import load_scenario
from harness.scenario.model import Scenario
from harness.status.code import CODES, Code
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import HONEST_REASONS, Reason
from harness.status.text import code_sentence, sentence


class UnknownThingError(HarnessError):
    """Nothing that can be explained has this name."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One thing in words.

    Attributes:
        name: As it is written.
        kind: ``check``, ``fault``, ``reason``, ``code``, ``phase`` or ``operation``.
        title: In one line.
        facts: Short facts, name and value.
        text: Paragraphs.
        examples: Of a check: a trace in which it holds, and one in which it does not.
    """

    name: str
    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    text: str = ""
    examples: tuple[Snippet, ...] = ()


def explanations(name: str, language: str = SOURCE) -> list[Explanation]:
    """Everything of this name, whatever its case; a fault and a reason may share one.

    Args:
        name: As it is written in a report; of a code, its value, too.
        language: What a user reads is told in it.

    Raises:
        UnknownThingError: There is none; the text says what is near.
    """
    wanted = name.strip().lower()
    found = [explain(key) for names, explain in THINGS.values() for key in names() if wanted in (key.lower(), _value_of(key))]
    if not found:
        raise UnknownThingError(_unknown(name))
    return [replace(thing, facts=(*thing.facts, *_read(thing, language))) for thing in found]


def _check(id_: str) -> Explanation:
    check = CHECKS[id_]
    everywhere = check.operations == frozenset(Operation)
    facts = (
        ("level", f"{check.level}: {'a failure breaks the run' if check.level == 'must' else 'a failure is only reported'}"),
        ("source", check.source),
        ("needs", f"{', '.join(sorted(check.needs)) or 'nothing'} (without it: not applicable)"),
        ("about", "every operation" if everywhere else ", ".join(o.value for o in Operation if o in check.operations)),
    )
    return Explanation(id_, "check", check.title, facts, paragraphs(check.explanation), examples(id_))


def _fault(name: str) -> Explanation:
    fault = FAULTS[name]
    about, _, _ = inspect.cleandoc(fault.__doc__ or "").partition("\n\nAttributes:\n")
    early = fault.layer in (Layer.CONNECT, Layer.TLS)
    facts = [
        ("layer", fault.layer.value),
        ("when", "{service, connection} or {service, from, for}" if early else "{exchange, nth}"),
        *((f"  {parameter}", _parameter(fault, parameter, text)) for parameter, text in texts_of(fault).items()),
        ("networks", ", ".join(sorted(fault.reach))),
        *_presented(name),
    ]
    return Explanation(
        name, "fault", summary(fault.__doc__), tuple((name, value) for name, value in facts if value), paragraphs(about)
    )


def _parameter(fault: type[Fault], parameter: str, text: str) -> str:
    field = fault.model_fields[parameter]
    return f"{text} ({'required' if field.is_required() else f'if absent: {field.default}'})".replace("``", "")


def _presented(name: str) -> Iterator[tuple[str, str]]:
    """What a client can tell of it, as far as the scenarios show; where it stands in them."""
    uses = {scenario.name: rule.fault for scenario in _library() for rule in scenario.faults if rule.fault.name == name}
    presentations = list(dict.fromkeys(fault.presents_as() for fault in uses.values()))
    reasons = sorted({reason.value for presentation in presentations for reason in HONEST_REASONS[presentation]})
    yield "presents as", " or ".join(presentations) or "no scenario shows it"
    yield "honest reasons", ", ".join(reasons) or ("none: an honest client goes on" if uses else "")
    yield "scenarios", ", ".join(uses)


def _library() -> Iterator[Scenario]:
    """The scenarios that come with the harness, except for those that cannot be read."""
    for file in find([]):
        with suppress(ScenarioError):
            yield load_scenario(file)


def _reason(name: str) -> Explanation:
    reason = _REASONS[name]
    allowed = [presentation.value for presentation, reasons in HONEST_REASONS.items() if reason in reasons]
    facts = (
        ("advice", reason.advice.value),
        ("retryable", "yes: the user may be offered to try again" if reason.retryable else "no"),
        ("honest after", ", ".join(allowed) or "nothing that a fault does"),
    )
    return Explanation(name, "reason", reason.meaning, facts)


def _read(thing: Explanation, language: str) -> Iterator[tuple[str, str]]:
    """What a user reads where a client says this; nothing where it is nothing that a client says."""
    match thing.kind:
        case "reason":
            reason = _REASONS[thing.name]
            text = sentence(_phase_with(reason), reason, operation=_operation_with(reason), language=language)
        case "code":
            text = code_sentence(_CODES[thing.name], language)
        case "phase":
            phase = _PHASES[thing.name]
            text = sentence(phase, operation=_said_by(phase)[0], language=language)
        case _:
            return
    yield "a user reads", text


def _said_by(phase: Phase) -> list[Operation]:
    """The operations whose client may say it."""
    return [operation for operation, lifecycle in OPERATIONS.items() if any(row.says is phase for row in lifecycle.rows)]


def _phase_with(reason: Reason) -> Phase:
    """The phase that it mostly comes with."""
    return Phase.SUCCEEDED if reason in (Reason.LICENSES_RESTRICTED, Reason.NOT_ALL_STORED) else Phase.FAILED


def _operation_with(reason: Reason) -> Operation:
    """The operation that it mostly comes with, so that its sentence makes sense."""
    if reason in (Reason.BACKUP_EXISTS, Reason.LICENSES_RESTRICTED):
        return Operation.LICENSE_BACKUP
    if reason in (Reason.RESTORE_LIMIT, Reason.NOTHING_TO_RESTORE, Reason.NOT_ALL_STORED, Reason.BACKUP_CORRUPT):
        return Operation.LICENSE_RESTORE
    return Operation.LICENSE_ACQUISITION


def _code(name: str) -> Explanation:
    code = _CODES[name]
    facts = (
        ("value", f"0x{code.value:08X}"),
        ("ending", code.ending.value),
        ("advice", code.advice.value),
        ("retryable", "yes" if code.retryable else "no"),
    )
    return Explanation(name, "code", code.meaning, facts)


def _phase(name: str) -> Explanation:
    phase = _PHASES[name]
    facts = (("settles a round", "yes" if phase.settles else "no"), ("said in", ", ".join(_said_by(phase))))
    return Explanation(name, "phase", phase.meaning, facts)


def _operation(name: str) -> Explanation:
    operation = Operation(name)
    lifecycle, names = OPERATIONS[operation], MODERN_NAMES[operation]
    facts = (
        ("says", ", ".join(dict.fromkeys(row.says.value for row in lifecycle.rows if row.says))),
        ("EME", names.eme.replace("`", "")),
        ("Android", names.android.replace("`", "")),
        ("PlayReady", names.playready.replace("`", "")),
        ("as a table", "docs/operations.md"),
    )
    return Explanation(name, "operation", f"one of the {len(OPERATIONS)} operations of a DRM client", facts)


_CODES: Mapping[str, Code] = {code.name: code for code in CODES}
_REASONS: Mapping[str, Reason] = {reason.value: reason for reason in Reason}
_PHASES: Mapping[str, Phase] = {phase.value: phase for phase in Phase}

THINGS: Mapping[str, tuple[Callable[[], list[str]], Callable[[str], Explanation]]] = {
    "checks": (lambda: list(CHECKS), _check),
    "faults": (lambda: list(FAULTS), _fault),
    "reasons": (lambda: list(_REASONS), _reason),
    "codes": (lambda: list(_CODES), _code),
    "phases": (lambda: list(_PHASES), _phase),
    "operations": (lambda: [operation.value for operation in Operation], _operation),
}


def paragraphs(docstring: str) -> str:
    """A docstring as text for people: no markup; a paragraph is one line, to be wrapped by whoever shows it."""
    blocks = inspect.cleandoc(docstring).replace("``", "").replace("**", "").split("\n\n")
    return "\n\n".join(" ".join(block.split()) for block in blocks)


def _value_of(name: str) -> str:
    """A code can be asked for by its value too, as ``0xC00D2741``."""
    return f"0x{_CODES[name].value:08x}" if name in _CODES else ""


def _unknown(name: str) -> str:
    known = {key.lower(): key for names, _ in THINGS.values() for key in names()}
    near = [known[match] for match in difflib.get_close_matches(name.lower(), known, n=3)]
    hint = f"did you mean {' or '.join(near)}?" if near else f"drm-harness list names all {', '.join(THINGS)}"
    return f"there is nothing named {name!r} to explain\n  {hint}"
