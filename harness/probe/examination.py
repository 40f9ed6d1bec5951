"""Whether a client is ready to be judged: what its adapter finds, then one calm run after the other, read by words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from fake_servers.errors import FakeServerError
from harness.adapters.diagnosis import Finding, State, diagnosed
from harness.errors import AdapterError, WorldError
from harness.probe import probes as p
from harness.probe.probes import Probe
from harness.probe.reading import broken, exits_of, fails_calmly, outcome_of, statuses_of
from harness.probe.session import RUN_S, Prober, Subject
from harness.scenario.model import Scenario
from harness.trace.trace import Trace

Reach = Callable[[], Subject]
"""Finds the client, once its adapter has found nothing missing.

Raises:
    AdapterError: It cannot be reached as asked.
"""


def examine(spec: str, reach: Reach, tell: Callable[[str], None] = lambda text: None) -> Iterator[Finding]:
    """Everything worth knowing before the first scenario, in the order in which a newcomer can mend it.

    Args:
        spec: As on the command line.
        reach: Makes the subject.
        tell: Told what is being done.
    """
    adapter, _, argument = spec.partition(":")
    for finding in diagnosed(adapter, argument):
        yield finding
        if finding.state is State.WRONG:
            return
    try:
        subject = reach()
        yield from _played(subject, tell)
    except (AdapterError, FakeServerError) as error:
        found, _, to_do = str(error).partition("; ")
        yield Finding(State.WRONG, "the client", found, to_do or "mend it, and ask again")


def is_ready(findings: list[Finding]) -> bool:
    """Whether nothing is missing."""
    return all(finding.state is not State.WRONG for finding in findings)


def _played(subject: Subject, tell: Callable[[str], None]) -> Iterator[Finding]:
    try:
        trace, problem = _calm(subject, tell)
    except WorldError as error:
        found, _, _ = str(error).partition("; ")
        yield Finding(State.DOUBT, "virtual time", found, "it can still run with --network loopback, in real time")
        subject = replace(subject, network="loopback")
        trace, problem = _calm(subject, tell)
    if problem is not None:
        yield problem
        return
    yield from _introduction(subject, trace)
    asked = len(trace.exchanges)
    yield Finding(State.FINE, "a calm run", f"it got its license with {asked} request{'s' if asked > 1 else ''}")
    yield from _words(subject, trace)
    yield from _operations(subject, trace, tell)
    yield from _failing(subject, trace, tell)
    yield from _over_tls(subject, trace, tell)


def _calm(subject: Subject, tell: Callable[[str], None]) -> tuple[Trace, Finding | None]:
    """The calm run in the first dialect that works, or what is wrong in the first."""
    first: tuple[Trace, Finding | None] | None = None
    for probe in (p.CALM, p.CALM_WMDRM):
        trace = _run(subject, probe, tell)
        problem = fails_calmly(trace)
        if problem is None:
            return trace, None
        first = first or (trace, Finding(State.WRONG, "a calm run", problem.what, problem.to_do))
        if broken(trace) or outcome_of(trace) is None:
            break
    assert first is not None
    return first


def _run(subject: Subject, probe: Probe, tell: Callable[[str], None]) -> Trace:
    return Prober(subject, budget_s=RUN_S, tell=lambda _, asks: tell(asks)).play(probe)


def _introduction(subject: Subject, trace: Trace) -> Iterator[Finding]:
    """What a program said of itself in the handshake."""
    profile, capabilities = trace.profile, trace.head.capabilities
    if subject.adapter == "stdio":
        version = f" {profile.version}" if profile.version else ""
        yield Finding(State.FINE, "handshake", f"it is {profile.name}{version}, and speaks version 1 of the protocol")
    if "retry_policy" not in capabilities:
        to_do = f"measure one: drm-harness profile --infer --client {subject.spec!r} -o profile.yaml"
        yield Finding(State.DOUBT, "profile", "it promises nothing about how it tries again, so that is not judged", to_do)
    if subject.adapter == "stdio" and "rights" not in capabilities:
        yield Finding(
            State.DOUBT, "rights", "it does not say what it holds", "answer rights, if local licenses shall be judged"
        )


def _words(subject: Subject, trace: Trace) -> Iterator[Finding]:
    said = list(dict.fromkeys(status.phase.value for status in statuses_of(trace)))
    if subject.adapter == "wire":
        to_do = "a stdio client is judged by its words, too: docs/client-protocol.md"
        yield Finding(State.DOUBT, "statuses", "a command line reports none, so that its words are not judged", to_do)
    elif len(said) > 1:
        yield Finding(State.FINE, "statuses", f"it said {', '.join(said)}")
    else:
        yield Finding(State.DOUBT, "statuses", f"it said {', '.join(said)} and no more", "report started, connecting … as well")


def _operations(subject: Subject, calm: Trace, tell: Callable[[str], None]) -> Iterator[Finding]:
    """Those that its profile promises, each in a calm run."""
    if subject.adapter not in ("python", "stdio") or "wmdrm" not in calm.profile.dialects:
        return
    unable: list[str] = []
    for operation in calm.profile.operations:
        if operation not in p.OPERATIONS:
            continue
        trace = _run(subject, p.OPERATIONS[operation], tell)
        if broken(trace) is None and outcome_of(trace) == "succeeded":
            yield Finding(State.FINE, operation.value, "it succeeds when nothing goes wrong")
        else:
            unable.append(operation.value)
    if unable:
        found = f"nothing went wrong, and it did not succeed with {', '.join(unable)}"
        yield Finding(State.DOUBT, "operations", found, "mend it, or leave them out of its profile's 'operations'")


def _failing(subject: Subject, calm: Trace, tell: Callable[[str], None]) -> Iterator[Finding]:
    """Whether it says so when it gets no license."""
    refused = next(probe for probe in p.BY_STATUS if probe.status == 403)
    trace = _run(subject, _in_dialect(refused, calm.head.scenario), tell)
    if problem := broken(trace):
        yield Finding(State.WRONG, "a refusal", problem.what, problem.to_do)
    elif outcome_of(trace) == "succeeded" and len(trace.exchanges) == 1:
        said = f"exit status {exits_of(trace)[0]}" if exits_of(trace) else "succeeded"
        hint = "; of curl: --fail" if subject.adapter == "wire" else ""
        yield Finding(State.DOUBT, "a refusal", f"it was refused with 403, and says {said}", f"let it say that it failed{hint}")
    else:
        yield Finding(State.FINE, "a refusal", f"refused with 403 once, it {outcome_of(trace) or 'came to no end'}")


def _over_tls(subject: Subject, calm: Trace, tell: Callable[[str], None]) -> Iterator[Finding]:
    if subject.adapter == "wire" and "{ca_file}" not in subject.spec:
        return  # its adapter has said so already
    problem = fails_calmly(_run(subject, _in_dialect(p.CALM_TLS, calm.head.scenario), tell))
    if problem is None:
        yield Finding(State.FINE, "TLS", "it trusts the authority that it is told to")
    else:
        to_do = "trust setup.ca_file, or {ca_file} on a command line; without it scenarios over TLS tell nothing"
        yield Finding(State.DOUBT, "TLS", problem.what, to_do)


def _in_dialect(probe: Probe, calm: Scenario) -> Probe:
    return replace(probe, scenario=probe.scenario.model_copy(update={"dialect": calm.dialect}))
