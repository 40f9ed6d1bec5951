"""``drm-harness proxy``: a scenario's faults in front of a license server that the user already has."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click
from rich.console import Console, RenderableType
from rich.text import Text

import harness
from fake_servers.engine.host import DEFAULT_NAME
from fake_servers.proxy.host import Proxy
from fake_servers.proxy.routes import Route
from fake_servers.proxy.session import ProxySession
from fake_servers.proxy.upstream import Upstream
from fake_servers.services.decision import Exchange
from harness.checks.judge import judge
from harness.cli.app import EXIT_STATUSES
from harness.cli.console import show, standard_error, standard_output
from harness.cli.durations import DURATION
from harness.cli.playing import TraceFiles
from harness.cli.report_files import ReportFiles, report_files
from harness.cli.telling import tell_report
from harness.cli.watching import Watch
from harness.report.live import endpoints, live_line
from harness.report.results import Report, Result
from harness.runner.passing import STOPPED, Passing, unpromising
from harness.scenario.library import find
from harness.scenario.load import load_profile, load_scenario
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.trace.entry import Entry

# fmt: off
ASKED_FOR: dict[Operation, Exchange] = {
    Operation.INDIVIDUALIZATION:   Exchange.INDIVIDUALIZATION,
    Operation.LICENSE_ACQUISITION: Exchange.LICENSE,
    Operation.LICENSE_REVOCATION:  Exchange.RELEASE,
    Operation.LICENSE_BACKUP:      Exchange.BACKUP,
    Operation.LICENSE_RESTORE:     Exchange.RESTORE,
}
# fmt: on
"""What every POST counts as, where no --exchange says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for on the command line."""

    scenario: Scenario
    upstream: Upstream
    routes: tuple[Route, ...]
    names: tuple[str, ...]
    profile: Profile | None
    port: int | None
    tls: bool
    seed: int
    duration_s: float | None
    until_idle_s: float | None


@click.command("proxy", epilog=EXIT_STATUSES)
@click.option("--upstream", "url", required=True, metavar="URL", help="The license server; what is asked for is appended.")
@click.option("--scenario", required=True, metavar="SCENARIO", help="Whose faults to put before it: a file, or a name.")
@click.option(
    "--upstream-ca",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Certificate authorities (PEM) that the upstream may show, beside the system's own.",
)
@click.option(
    "--exchange",
    "routes",
    multiple=True,
    metavar="ROUTE",
    help="Which requests count as which exchange, first match first: license=/wv/*, 'individualization=GET,POST /prov*'. "
    "All others pass undisturbed. [default: every POST is what the operation asks for]",
)
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Listen there. [default: any free one]")
@click.option(
    "--session",
    "names",
    multiple=True,
    metavar="NAME",
    help="A device with faults, numbers and a report of its own; give it once for each. With --port they share the port, and "
    "each request names its session; else each has a port of its own.",
)
@click.option("--tls", is_flag=True, help="Speak HTTPS to the client, with the test certificate for this machine.")
@click.option("--profile", metavar="FILE|NAME", help="What the client promises. Names: drm-harness list profiles.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Of the faults' choices. [default: the scenario's own]")
@click.option("--duration", type=DURATION, metavar="TIME", help="Stop after this long, such as '10 min'.")
@click.option(
    "--until-idle", type=DURATION, metavar="TIME", help="Stop once so long nothing was asked, after the first request."
)
@click.option(
    "--trace",
    "traces",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write every trace there. [default: only those of sessions not held, to drm-harness-traces]",
)
@report_files
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object in the end; addresses go to standard error.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    url: str,
    scenario: str,
    upstream_ca: Path | None,
    routes: tuple[str, ...],
    port: int | None,
    names: tuple[str, ...],
    tls: bool,
    profile: str | None,
    seed: int | None,
    duration: float | None,
    until_idle: float | None,
    traces: Path | None,
    as_json: bool,
    **files: Path | None,
) -> None:
    """Put a scenario's faults before a license server that you already have; judge what passes.

    Requests and replies pass byte by byte, whatever is in them, so that real CDMs can be tried. Ctrl-C stops it and tells which
    rules held for what could be seen on the wire: retries, pauses, redirects. Press Enter whenever you try again on the device.
    """
    found = find([scenario])
    if len(found) != 1:
        raise click.UsageError(f"{scenario!r} names {len(found)} scenarios; a proxy takes one at a time")
    chosen = load_scenario(found[0])
    asked = Asked(
        scenario=chosen,
        upstream=Upstream.at(url, ca_file=upstream_ca),
        routes=tuple(map(Route.parse, routes)) or (Route(ASKED_FOR[chosen.operation]),),
        names=names or (DEFAULT_NAME,),
        profile=load_profile(profile) if profile else None,
        port=port,
        tls=tls or chosen.world.tls,
        seed=chosen.seed if seed is None else seed,
        duration_s=duration,
        until_idle_s=until_idle,
    )
    console = standard_output()
    report = asyncio.run(_proxy(asked, standard_error() if as_json else console, TraceFiles(traces)))
    tell_report(report, console, as_json=as_json, files=ReportFiles(**files), verbose=True)
    ctx.exit(report.exit)


async def _proxy(asked: Asked, console: Console, files: TraceFiles) -> Report:
    shares = asked.port is not None and len(asked.names) > 1
    passings = [Passing(asked.scenario, name, _profile(asked, name), asked.seed) for name in map(_client, asked.names)]
    watch = Watch(dict(zip(asked.names, passings, strict=True)))
    async with Proxy(rng=Random(f"services {asked.seed}")) as proxy:
        if shares:
            await proxy.listen_shared(asked.port or 0, tls=asked.tls)
        sessions = [
            await proxy.open_proxied(
                upstream=asked.upstream,
                routes=asked.routes,
                script=passing.script,
                journal=passing.hear,
                tls=asked.tls,
                name=name,
                shared=shares,
                port=asked.port or 0,
            )
            for name, passing in zip(asked.names, passings, strict=True)
        ]
        with tempfile.TemporaryDirectory(prefix="drm-harness-") as folder:
            show(console, _greeting(asked, sessions, shares, _ca_file(sessions[0], Path(folder))))
            for name, session, passing in zip(asked.names, sessions, passings, strict=True):
                passing.watchers.append(_Teller(console, name if len(sessions) > 1 else ""))
                passing.begin()
                session.begin()
            why = await watch.until_over(
                duration_s=asked.duration_s,
                until_idle_s=asked.until_idle_s,
                is_busy=lambda: any(session.is_busy for session in sessions),
            )
            show(console, [Text("stopping" if why == STOPPED else f"stopping: {why.replace('_', ' ')}"), Text()])
        left_open = [session.open_connections for session in sessions]
    results = [_judged(passing, why, left, asked, files) for passing, left in zip(passings, left_open, strict=True)]
    return Report("proxy", harness.__version__, tuple(results))


def _judged(passing: Passing, why: str, left_open: int, asked: Asked, files: TraceFiles) -> Result:
    trace = passing.ended(why, left_open)
    again = f"drm-harness proxy --upstream {asked.upstream.shown} --scenario {asked.scenario.name} --seed {asked.seed}"
    result = Result(trace, tuple(judge(trace)), reproduce=again)
    return Result(trace, result.verdicts, reproduce=again, trace_file=files.write(result))


def _client(name: str) -> str:
    return "device" if name == DEFAULT_NAME else name


def _profile(asked: Asked, client: str) -> Profile:
    return asked.profile or unpromising(client, asked.scenario.operation)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells each entry as it comes; of several sessions, whose it is."""

    console: Console
    session: str

    def __call__(self, entry: Entry) -> None:
        line = live_line(entry.at, entry.what)
        show(self.console, [Text.assemble((f"{self.session}  ", "dim"), line) if self.session else line])


def _greeting(asked: Asked, sessions: list[ProxySession], shares: bool, ca_file: str) -> Iterator[RenderableType]:
    scenario = asked.scenario
    yield Text.assemble(("proxy: ", "bold"), (scenario.name, "bold"), f" · upstream {asked.upstream.shown} · seed {asked.seed}")
    yield Text(scenario.about)
    yield Text()
    for name, session in zip(asked.names, sessions, strict=True):
        if len(sessions) > 1:
            yield Text(f"session {name}")
        yield endpoints(session.endpoints)
    yield Text()
    yield Text("Of the scenario its faults are used; what it says of services, device and user has no reach here.")
    if shares:
        yield Text("Or name a session by the header X-Session.")
    if ca_file:
        yield Text(f"trust this certificate authority: {ca_file}")
    yield Text("These addresses are this machine's alone. An Android device reaches them after:")
    for port in sorted({url.split("/")[2].rpartition(":")[2] for session in sessions for url in session.endpoints.values()}):
        yield Text(f"  adb reverse tcp:{port} tcp:{port}")
    each = ", with a session's name before it" if len(sessions) > 1 else ""
    yield Text(f"Press Enter{each} when the user tries again. Time counts from now; Ctrl-C stops, and judges.")
    yield Text()


def _ca_file(session: ProxySession, folder: Path) -> str:
    if session.ca_pem is None:
        return ""
    path = folder / "ca.pem"
    path.write_bytes(session.ca_pem)
    return str(path)
