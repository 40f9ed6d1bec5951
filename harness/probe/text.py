"""A draft as a profile file: YAML that ``--profile`` takes, with confidence and evidence as comments above each value.

Comments, since evidence is no promise: checks hold a client to the values alone, and whoever changes a value by hand sees
what it rested on. For programs the same stands in ``as_json``.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from harness.probe.draft import Draft, Measured
from harness.probe.infer import NO_PROFILE_KEY
from harness.scenario.profile import Profile

WIDTH = 110
SHOWN = 3
"""Sights of a value that a file shows; JSON has all."""


def draft_text(draft: Draft, *, made_by: str) -> str:
    """The file.

    Args:
        made_by: The command that made it, with the version.
    """
    return "\n".join(_lines(draft, made_by)) + "\n"


def as_json(draft: Draft) -> dict[str, Any]:
    """The draft for scripts: the profile, and each value with its evidence."""
    return {
        "profile": _plain(draft.profile),
        "measured": [
            {
                "key": each.key,
                "value": _value(draft, each),
                "confidence": each.confidence.value,
                "because": each.because,
                "evidence": [
                    {"probe": sight.probe, "seed": sight.seed, "seen": sight.said, "at_s": list(sight.at_s)}
                    for sight in each.sights
                ],
            }
            for each in draft.measured
        ],
        "warnings": list(draft.warnings),
        "runs": draft.about_runs,
    }


def _lines(draft: Draft, made_by: str) -> Iterator[str]:
    yield from _comment(f"Measured by {made_by}", "")
    yield from _comment(draft.about_runs, "")
    yield "# A draft: read it before a client is held to it. Above each value: how sure it is, why, and what was seen."
    for warning in draft.warnings:
        yield from _comment(f"WARNING: {warning}", "")
    yield f"name: {json.dumps(draft.profile.name)}"
    if draft.profile.about:
        yield f"about: {json.dumps(draft.profile.about)}"
    told: list[str] = []
    in_retry = [each for each in draft.measured if each.key.startswith("retry.")]
    for each in draft.measured:
        if each not in in_retry and each.key not in NO_PROFILE_KEY:
            yield from _entry(draft, each, "", told)
    yield "retry:"
    for each in in_retry:
        yield from _entry(draft, each, "  ", told)
    for each in draft.measured:
        if each.key in NO_PROFILE_KEY:
            yield from _comment(f"{each.key} that it tries again after: {', '.join(each.value['retried']) or 'none'}", "  ")
            yield from _comment(f"{each.key} that it does not: {', '.join(each.value['not_retried']) or 'none'}", "  ")


def _entry(draft: Draft, measured: Measured, indent: str, told: list[str]) -> Iterator[str]:
    """``told`` is the evidence of the entry before: what rests on the same is not told twice."""
    yield from _comment(f"{measured.confidence.value}: {measured.because}", indent)
    if (telling := _telling(measured)) != told:
        for sight in telling:
            yield from _comment(f"  {sight}", indent)
        told[:] = telling
    key = measured.key.rpartition(".")[2]
    if measured.value is None:
        yield f"{indent}# {key}: left out, so that the usual is assumed"
    else:
        yield f"{indent}{key}: {flow(_value(draft, measured))}"


def _telling(measured: Measured) -> list[str]:
    """Evidence that adds something: of lists of words, the words are enough."""
    if isinstance(measured.value, tuple):
        return []
    return [f"{sight.probe}, seed {sight.seed}: {sight.said}" for sight in measured.sights[:SHOWN]]


def _value(draft: Draft, measured: Measured) -> Any:
    """The value as the profile itself writes it, with its unit."""
    if measured.value is None or measured.key in NO_PROFILE_KEY:
        return measured.value
    found: Any = _plain(draft.profile)
    for step in measured.key.split("."):
        found = found[step]
    return found


def _plain(profile: Profile) -> dict[str, Any]:
    plain = profile.model_dump(mode="json")
    if plain["retry"] is not None:
        plain["retry"]["reasons"] = sorted(plain["retry"]["reasons"])
    return plain


def flow(value: Any) -> str:
    """A value in YAML on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return f"[{', '.join(map(flow, value))}]"
        case dict():
            return (
                "{" + ", ".join(f"{json.dumps(key) if key.isdigit() else key}: {flow(one)}" for key, one in value.items()) + "}"
            )
        case float():
            return f"{value:.6g}"
    return str(value)


def _comment(text: str, indent: str) -> Iterator[str]:
    """A comment, wrapped; what began further to the right goes on further to the right."""
    start = text[: len(text) - len(text.lstrip())]
    wrapped = textwrap.wrap(text.lstrip(), WIDTH, initial_indent=start, subsequent_indent=f"{start}  ", break_on_hyphens=False)
    yield from (f"{indent}# {line}" for line in wrapped)
