"""What is done when the control API is asked: one function for each route."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from fake_servers.control import bodies
from fake_servers.control.calls import Call, Reply, rules_from
from fake_servers.control.day import Day
from fake_servers.control.log import Entry
from fake_servers.control.problem import Flaw, Problem, nearest, not_valid
from fake_servers.control.roster import EXPIRES_AFTER_S, Kept, NameTakenError, Setup, TooManyError
from fake_servers.dialects import DIALECTS
from fake_servers.errors import BegunOtherwiseError, FakeServerError, StateError, UnknownNameError
from fake_servers.faults.base import FAULTS
from fake_servers.faults.script import Rule
from fake_servers.given import Given
from fake_servers.journal import ServerEvent

# ── the service itself ───────────────────────────────────────────────────────────────────────────────────────────────


async def live(day: Day, call: Call) -> Reply:
    """It runs."""
    return Reply(body=_health(day, "live"))


async def ready(day: Day, call: Call) -> Reply:
    """It takes requests: the services listen, and it is not stopping."""
    if not day.is_ready:
        raise Problem("stopping", "requests that are open may end, and no others are taken", "start it again")
    return Reply(body=_health(day, "ready"))


async def openapi(day: Day, call: Call) -> Reply:
    """This document."""
    return Reply(body=day.document)


async def certificate(day: Day, call: Call) -> Reply:
    """The certificate authority that a client has to trust, as PEM: install it on a device, or give it to curl --cacert."""
    if not day.ca_pem:
        detail = "the certificate is one of your own, given with --tls-cert"
        raise Problem("no-certificate", detail, "clients have to trust whoever signed that one")
    named = {"Content-Disposition": 'attachment; filename="drm-harness-ca.pem"'}
    return Reply(body=day.ca_pem.decode(), media_type="application/x-pem-file", headers=named)


async def scenarios(day: Day, call: Call) -> Reply:
    """The scenarios that a session can be opened from."""
    return Reply(body=bodies.Names(names=day.library.names()))


async def dialects(day: Day, call: Call) -> Reply:
    """The wire formats that a session can speak."""
    return Reply(body=bodies.Names(names=sorted(DIALECTS)))


async def faults(day: Day, call: Call) -> Reply:
    """Every kind of fault, with its parameters."""
    return Reply(
        body=bodies.FaultKinds(
            faults=[
                bodies.FaultKind(
                    name=name,
                    layer=kind.layer.value,
                    about=(kind.__doc__ or "").partition("\n")[0].replace("``", "`"),
                    parameters=kind.model_json_schema(),
                )
                for name, kind in sorted(FAULTS.items())
            ]
        )
    )


def _health(day: Day, status: Any) -> bodies.Health:
    return bodies.Health(status=status, sessions=len(day.roster), up_s=round(day.up_s, 3), log_limit=day.log.limit)


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def list_sessions(day: Day, call: Call) -> Reply:
    """Every session that is open, in the order in which they were opened."""
    return Reply(body=bodies.SessionStates(sessions=[_state(kept) for kept in day.roster.all()]))


async def open_session(day: Day, call: Call) -> Reply:
    """Open a session: services of its own, at addresses of its own, with faults of its own."""
    asked: bodies.NewSession = call.body
    setup = _setup(day, asked)
    expires_after_s = EXPIRES_AFTER_S if asked.expires_after is None else asked.expires_after
    try:
        kept = await day.roster.open(asked.name, setup, expires_after_s)
    except TooManyError as error:
        raise Problem("too-many", str(error), "close one that is not needed: DELETE /v1/sessions/{session}") from error
    except NameTakenError as error:
        raise Problem("name-taken", str(error), "choose another name, or close that session") from error
    except BegunOtherwiseError as error:
        raise Problem("cannot-be-served", error.what, error.to_do) from error
    except StateError as error:
        raise Problem("state-file", error.what, error.to_do) from error
    except FakeServerError as error:
        raise _not_servable(error) from error
    return Reply(status=201, body=_state(kept), headers={"Location": f"/v1/sessions/{kept.session.name}"})


async def show_session(day: Day, call: Call) -> Reply:
    """One session: its addresses, and how much has happened."""
    return Reply(body=_state(_kept(day, call)))


async def close_session(day: Day, call: Call) -> Reply:
    """Close a session, its ports and connections; its log and its truth go with it, also from a state file."""
    kept = _kept(day, call)
    await day.roster.close(kept)
    try:
        kept.session.forget()
    except StateError as error:
        raise Problem("state-file", error.what, error.to_do) from error
    return Reply(status=204)


async def reset_session(day: Day, call: Call) -> Reply:
    """As on the first day: truth as given, every fault waits again, counts from 1. Addresses and log stay."""
    kept = _kept(day, call)
    try:
        await day.roster.begin_anew(kept, kept.setup)
    except StateError as error:
        raise Problem("state-file", error.what, error.to_do) from error
    return Reply(body=_state(kept))


# ── what goes wrong, and what happened ───────────────────────────────────────────────────────────────────────────────


async def show_faults(day: Day, call: Call) -> Reply:
    """The session's fault script, and what became of each fault."""
    return Reply(body=_script(_kept(day, call)))


async def set_faults(day: Day, call: Call) -> Reply:
    """Give the session another fault script, and reset it. An empty list of faults lets everything pass."""
    kept = _kept(day, call)
    rules = rules_from(call.body.faults)
    try:
        await day.roster.begin_anew(kept, replace(kept.setup, rules=rules))
    except StateError as error:
        raise Problem("state-file", error.what, error.to_do) from error
    except FakeServerError as error:
        raise _not_servable(error) from error
    return Reply(body=_script(kept))


async def show_log(day: Day, call: Call) -> Reply:
    """What the session saw and did, oldest first, as far as it is held."""
    kept, query = _kept(day, call), call.query
    found = kept.ring.after(query.after)
    page = found[: query.limit]
    return Reply(
        body=bodies.LogPage(
            session=kept.session.name,
            entries=[entry_body(day, entry) for entry in page],
            next=page[-1].number if page else query.after,
            more=len(found) > len(page),
            lost=kept.ring.lost > query.after,
            dropped=kept.ring.dropped,
        )
    )


async def show_truth(day: Day, call: Call) -> Reply:
    """What the services know to have happened, whatever a client was told of it."""
    kept = _kept(day, call)
    store = kept.session.store
    return Reply(body=bodies.Truth(session=kept.session.name, run=kept.run, truth=store.truth(), forgotten=store.forgotten))


def entry_body(day: Day, entry: Entry) -> bodies.Entry:
    """An event as it is told."""
    since_s = entry.at_s - day.began_s
    date = datetime.fromtimestamp(day.began_epoch_s + since_s, UTC)
    return bodies.Entry.model_construct(
        number=entry.number,
        time=date.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        at_s=round(since_s, 6),
        session=entry.session,
        run=entry.run,
        event=cast("ServerEvent", entry.event),
    )


# ── within ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _kept(day: Day, call: Call) -> Kept:
    name = call.path["session"]
    kept = day.roster.get(name)
    if kept is None:
        raise Problem("no-such-session", f"no session is named {name[:80]!r}", nearest(name, day.roster.names()))
    return kept


def _setup(day: Day, asked: bodies.NewSession) -> Setup:
    if asked.tls is False and day.must_tls:
        raise not_valid([Flaw(where="/tls", problem="other machines can come here, so every session speaks TLS")])
    shared = day.has_shared_port if asked.ports is None else asked.ports == "shared"
    if shared and not day.has_shared_port:
        raise not_valid([Flaw(where="/ports", problem="there is no port to share: start serve with --port")])
    if shared and asked.tls is not None and asked.tls != day.shared_tls:
        speaks = "speaks TLS" if day.shared_tls else "does not speak TLS"
        raise not_valid([Flaw(where="/tls", problem=f"the shared port {speaks}: ask for ports of its own")])
    setup = _described(asked) if asked.scenario is None else _from_library(day, asked, asked.scenario)
    tls = day.shared_tls if shared else day.must_tls or (setup.tls if asked.tls is None else asked.tls)
    return replace(setup, tls=tls, shared=shared)


def _described(asked: bodies.NewSession) -> Setup:
    return Setup(dialect=asked.dialect or "clearkey", given=asked.given or Given(), rules=rules_from(asked.faults))


def _from_library(day: Day, asked: bodies.NewSession, scenario: str) -> Setup:
    also = [key for key in ("dialect", "given", "faults") if getattr(asked, key)]
    if also:
        raise not_valid([Flaw(where=f"/{key}", problem="the scenario says that: leave it out, or 'scenario'") for key in also])
    try:
        return day.library.setup(scenario)
    except FakeServerError as error:
        raise not_valid([Flaw(where="/scenario", problem=f"{error} (/v1/scenarios has them all)")]) from error


def _not_servable(error: FakeServerError) -> Problem:
    if isinstance(error, UnknownNameError):
        return not_valid([Flaw(where=f"/{error.kind}", problem=str(error))])
    return Problem("cannot-be-served", str(error), "change the script, or the session that is to carry it out")


def _state(kept: Kept) -> bodies.SessionState:
    session = kept.session
    return bodies.SessionState(
        name=session.name,
        scenario=kept.setup.scenario,
        dialect=session.dialect.name,
        tls=session.tls,
        ports="shared" if kept.setup.shared else "own",
        endpoints=session.endpoints,
        run=kept.run,
        requests=kept.requests,
        open_connections=session.open_connections,
        held=len(kept.ring.entries),
        dropped=kept.ring.dropped,
        expires_after=kept.expires_after_s,
    )


def _script(kept: Kept) -> bodies.Script:
    script = kept.session.script
    rules: list[Rule] = list(script.rules)
    return bodies.Script(
        session=kept.session.name,
        run=kept.run,
        faults=[
            bodies.RuleState(position=position, fate=fate, rule=rule.model_dump(mode="json"))
            for position, (rule, fate) in enumerate(zip(rules, script.fates(), strict=True))
        ],
    )
