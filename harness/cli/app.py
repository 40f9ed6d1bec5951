"""``drm-harness`` itself: its commands, and what becomes of errors."""

from __future__ import annotations

import difflib
import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

import click

import harness
from fake_servers.errors import FakeServerError
from harness.errors import HarnessError
from harness.report.results import Exit

COMMANDS = {
    "doctor": "Say whether a client is ready to be judged, and what is missing.",
    "run": "Play scenarios with one client, and judge what it says and does.",
    "validate": "Play scenarios with several clients, and set them side by side.",
    "check": "Judge saved traces.",
    "enumerate": "Play all fault sequences up to a length.",
    "explore": "Search for failures, and shrink each to a file.",
    "profile": "Measure what a client does, and write its draft profile.",
    "list": "Name what there is: scenarios, faults, checks and more.",
    "explain": "Tell all about one check, fault, reason or code.",
    "schema": "Print a JSON Schema, for editors.",
    "serve": "Bring license services up, for a device to use all day.",
    "proxy": "Put a scenario's faults before a license server that you have.",
}
"""Each command stands in the module of its name, which is loaded only when it is asked for."""

EXIT_STATUSES = """\
\b
Exit status:
  0  held: every must-check that applied held
  1  broken: a must-check failed, or an expected failure did not come
  2  usage: something was asked for that cannot be done; nothing is said of any client
  3  inconclusive: nothing was shown, or it was interrupted
"""


class Group(click.Group):
    """Loads commands when they are needed; tells errors in words."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"harness.cli.{cmd_name}"), "command", None)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name = str(args[0])
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"commands: {', '.join(COMMANDS)}"
        raise click.UsageError(f"no command is named {name!r}; {hint}", ctx)

    def invoke(self, ctx: click.Context) -> Any:
        debug = bool(ctx.params.get("debug"))
        try:
            return super().invoke(ctx)
        except (HarnessError, FakeServerError) as error:
            if debug:
                raise
            click.echo(f"error: {error}", err=True)
            ctx.exit(Exit.USAGE)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(Exit.INCONCLUSIVE)
        except BrokenPipeError:  # whoever read the output has gone, as head does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(Exit.INCONCLUSIVE)
        except OSError as error:  # a file or a stream that cannot be written
            if debug:
                raise
            why = (error.strerror or str(error)).lower()
            click.echo(f"error: {f'{error.filename}: ' if error.filename else ''}{why}", err=True)
            ctx.exit(Exit.USAGE)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # a bug of ours must not pass for a broken client, whose exit status is 1
            if debug:
                raise
            click.echo(f"error: drm-harness itself failed: {type(error).__name__}: {error}", err=True)
            click.echo(f"  please report it, with what this prints: {_again_with_debug(sys.argv[1:])}", err=True)
            ctx.exit(Exit.INCONCLUSIVE)


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_STATUSES,
)
@click.version_option(harness.__version__, prog_name="drm-harness", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="On an error, show where in drm-harness it came from.")
def cli(debug: bool) -> None:
    """Make license services fail in every way a network can, and prove that what a client says stays right.

    \b
    To begin:
      drm-harness doctor --client 'stdio:node my-client.js'
      drm-harness run license_acquisition/captive_portal
      drm-harness validate --client reference --client 'stdio:node my-client.js' tag:smoke
      drm-harness explain STATUS-004
    """


def main() -> None:
    """The entry point. A text that the terminal cannot show, or a kill, ends nothing in disorder."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # which asyncio turns into an orderly end
    cli(prog_name="drm-harness")


def _again_with_debug(arguments: Sequence[str]) -> str:
    return " ".join(["drm-harness", "--debug", *arguments])
