"""Numbers worth trying: the sizes at which replies break, and times just within and just beyond what a client promises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pydantic import ValidationError

from fake_servers.faults.base import Fault
from fake_servers.quantities import BYTES_IN, SECONDS_IN, seconds_text
from harness.explore.decisions import Source
from harness.scenario.profile import Profile

QUANTITY = re.compile(r"\d+(?:\.\d+)? (?P<unit>[A-Za-z]+)")

SIZES = ("0 bytes", "1 byte", "40 bytes", "120 bytes", "400 bytes")
"""Before the first byte, within the status line, within the head, within the body, and beyond most bodies."""

USUAL_TIMES_S = (2.0, 45.0)
"""Where a client promises nothing: a moment, and longer than people wait."""


@dataclass(frozen=True)
class Numbers:
    """Numbers for one client.

    Attributes:
        times: Durations worth trying, as a scenario writes them.
        pauses_s: The longest pause that the client makes after each failed attempt.
    """

    times: tuple[str, ...]
    pauses_s: tuple[float, ...]

    def drawn(self, example: Fault, source: Source) -> Fault:
        """The example in most cases; else with one of its quantities changed. Where the fault refuses it: the example."""
        quantities = quantities_of(example)
        if not quantities or not source.pick(f"{example.name}.changed", (False, True), (2, 1)):
            return example
        name, unit = source.pick(f"{example.name}.number", quantities)
        value = source.pick(f"{example.name}.{name}", self.times if unit in SECONDS_IN else SIZES)
        return with_number(example, name, value)

    def lasting_s(self, attempts: int) -> float:
        """How long so many attempts of the client last, pauses and all, in whole seconds."""
        pauses = [self.pauses_s[min(n, len(self.pauses_s) - 1)] for n in range(attempts - 1)]
        return float(round(sum(pauses) + 0.5))


def numbers_near(profile: Profile) -> Numbers:
    """The numbers around what this client promises."""
    times, pauses = [*USUAL_TIMES_S, profile.silence * 1.5], [1.0]
    if (policy := profile.retry) is not None:
        times += [bound * share for bound in (policy.attempt_timeout, policy.longest_wait) for share in (0.8, 1.5)]
        pauses = [policy.bounds_s(failed)[1] for failed in range(1, 8)]
    return Numbers(tuple(seconds_text(round(time, 1)) for time in dict.fromkeys(sorted(times))), tuple(pauses))


@lru_cache(maxsize=1024)
def quantities_of(fault: Fault) -> tuple[tuple[str, str], ...]:
    """Names of a fault's parameters that are durations or sizes, each with its unit, whoever wrote the fault."""
    texts = ((name, value) for name, value in fault.model_dump(mode="json").items() if isinstance(value, str))
    found = ((name, QUANTITY.fullmatch(value)) for name, value in texts)
    return tuple((name, match["unit"]) for name, match in found if match and match["unit"] in {*SECONDS_IN, *BYTES_IN})


@lru_cache(maxsize=4096)
def with_number(fault: Fault, name: str, value: str) -> Fault:
    """The fault with another quantity, or as it was where it refuses that."""
    try:
        return type(fault).model_validate({**fault.model_dump(mode="json"), name: value})
    except ValidationError:
        return fault
