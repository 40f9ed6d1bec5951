"""``drm-harness profile --infer``: a profile made by measuring."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

import harness
from fake_servers.faults.base import Network
from harness.adapters.registry import client_from
from harness.cli.clients import Client, clients_from, short_name
from harness.cli.quantities import seconds_of
from harness.cli.selection import network_of
from harness.errors import NoPromiseError
from harness.probe import Confidence, Draft, Prober, Subject, draft_of
from harness.probe.session import BUDGET_S, SEEDS
from harness.probe.text import as_json, draft_text
from harness.report.json_report import json_text
from harness.report.plain_text import counted
from harness.report.progress import Progress
from harness.scenario.profile import Profile

EXIT_STATUSES = """\
\b
Exit status:
  0  the profile is written
  2  the client cannot be measured, or the command line is not right; it is said why
  3  interrupted
"""


@click.command("profile", epilog=EXIT_STATUSES)
@click.option("--infer", is_flag=True, help="Measure the client. There is no other way to make a profile but by hand.")
@click.option(
    "--client",
    "spec",
    required=True,
    metavar="SPEC",
    help="Who is measured: python:FILE.py:Name, 'stdio:COMMAND', 'wire:COMMAND' …",
)
@click.option("--name", help="The client's name in the profile. [default: its own, or its file's]")
@click.option(
    "--network",
    type=click.Choice(["simulated", "loopback"]),
    help="As for run. [default: simulated for clients in process, loopback for programs]",
)
@click.option(
    "--runs",
    type=click.IntRange(min=2),
    metavar="N",
    help="Runs from which pauses with jitter are read. "
    f"[default: {SEEDS['simulated']} in virtual time, {SEEDS['loopback']} on loopback; without jitter always 2]",
)
@click.option(
    "--budget",
    "budget_s",
    callback=seconds_of,
    default=f"{BUDGET_S:.0f} s",
    show_default=True,
    metavar="TIME",
    help="Real time for all probes together; what is not reached by then is left out, and said.",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the profile there."
)
@click.option("--json", "as_json_text", is_flag=True, help="Print one JSON object, with all evidence.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    infer: bool,
    spec: str,
    name: str | None,
    network: Network | None,
    runs: int | None,
    budget_s: float,
    output: Path | None,
    as_json_text: bool,
) -> None:
    """Measure what a client does, and write its draft profile.

    Some fifty probes: what it does when nothing goes wrong, how often and after what pauses it tries again, after which
    statuses and faults, how it takes Retry-After, when it gives up, and what it says. Above each value stands how sure it
    is, and what was seen.
    """
    if not infer:
        raise click.UsageError("say --infer to measure the client; profiles that come with drm-harness: list profiles", ctx)
    subject = subject_of(spec, name, network)
    with Progress(sys.stderr) as progress:
        prober = Prober(subject, budget_s, tell=lambda number, asks: progress.say(f"probe {number}: {asks}"), seeds=runs or 0)
        draft = draft_of(prober.observe())
    for warning in draft.warnings:
        click.echo(f"warning: {warning}", err=True)
    text = draft_text(draft, made_by=f"drm-harness {harness.__version__}: {_command(spec)}")
    if output is not None:
        output.write_text(text, encoding="utf-8")
    if as_json_text:
        click.echo(json_text({"version": harness.__version__, "client": spec, **as_json(draft)}))
    elif output is not None:
        click.echo(_summary(draft, output))
    else:
        click.echo(text, nl=False)


def subject_of(spec: str, name: str | None, network: Network | None) -> Subject:
    """The client to be measured; what it promises by itself plays no part.

    Raises:
        AdapterError: The client cannot be reached as asked.
        click.UsageError: It cannot run on the network asked for.
    """
    client = whatever_it_promises(spec)
    return Subject(
        name=name or client.name,
        spec=spec,
        adapter=client.adapter,
        make=client.make,
        network=network_of(client, network),
    )


def whatever_it_promises(spec: str) -> Client:
    """The client that a spec names, also if nobody has said what it promises.

    Raises:
        AdapterError: The client cannot be reached as asked.
    """
    try:
        (client,) = clients_from([spec], ())
        return client
    except NoPromiseError:
        stand_in = Profile(name=short_name(spec))
        make = client_from(spec, stand_in)
        sample = make()
        return Client(stand_in.name, spec, "", make, stand_in, frozenset(getattr(sample, "networks", ())))


def _command(spec: str) -> str:
    return f"drm-harness profile --infer --client {spec!r}"


def _summary(draft: Draft, file: Path) -> str:
    sure = Counter(each.confidence for each in draft.measured)
    words = ", ".join(f"{sure[confidence]} {confidence.value}" for confidence in Confidence if sure[confidence])
    return f"{file}: {counted(len(draft.measured), 'value')}, how sure: {words}. Read it, then give it to run with --profile."
