"""Durations on the command line, as scenarios write them: with their unit."""

from __future__ import annotations

import click
from pydantic import TypeAdapter, ValidationError

from fake_servers.quantities import Seconds

SECONDS: TypeAdapter[float] = TypeAdapter(Seconds)


class Duration(click.ParamType[float]):
    """``10 min``, ``2.5 s``."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return SECONDS.validate_python(value)
        except ValidationError as error:
            self.fail(error.errors(include_url=False)[0]["msg"].removeprefix("Value error, "), param, ctx)


DURATION = Duration()
