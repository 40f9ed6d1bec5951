"""Durations and shares on the command line, with their units: ``60s``, ``5 min``, ``95%``. For the callbacks of options."""

from __future__ import annotations

import re

import click
from pydantic import TypeAdapter, ValidationError

from fake_servers.quantities import Seconds

SECONDS: TypeAdapter[float] = TypeAdapter(Seconds)
SHARE = re.compile(r"(\d{1,3})\s*%")


def seconds_of(ctx: click.Context, param: click.Parameter, text: str | None) -> float | None:
    """Seconds.

    Raises:
        click.BadParameter: It is no duration with a unit.
    """
    try:
        return None if text is None else SECONDS.validate_python(text)
    except ValidationError:
        raise click.BadParameter(f"{text!r} is no duration; write a number with its unit, such as 60s", ctx, param) from None


def share_of(ctx: click.Context, param: click.Parameter, text: str | None) -> float | None:
    """0.01 to 1.

    Raises:
        click.BadParameter: It is no share from 1% to 100%.
    """
    if text is None:
        return None
    match = SHARE.fullmatch(text.strip())
    if match is None or not 1 <= int(match[1]) <= 100:
        raise click.BadParameter(f"{text!r} is no share from 1% to 100%; write it like 95%", ctx, param)
    return int(match[1]) / 100
