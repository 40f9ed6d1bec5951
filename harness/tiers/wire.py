"""Connections and requests without bytes: what takes how long, who closes what, and what the client gets to see of it.

The moments are those of the simulated network: a latency for each crossing, one and a half round trips before a request can
arrive on a new connection, none on one that was kept. The pool of kept connections ages as the reference client's does.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from functools import partial
from typing import cast
from urllib.parse import urljoin, urlsplit

from fake_servers.engine.desk import Answered
from fake_servers.engine.early_answer import LINGER_S
from fake_servers.engine.http_reply import with_cors
from fake_servers.engine.player import Ending, Playback
from fake_servers.faults.base import (
    ConnectPlan,
    EarlyReply,
    Flight,
    HandshakeAlert,
    HandshakePlan,
    HandshakeStall,
    RawReply,
    Reply,
    StopReading,
)
from fake_servers.faults.script import SERVICE_OF
from harness.client.effects import Arrived, Broke, Event, Moving, Send
from harness.client.http_sender import CHUNK, HttpSender
from harness.status.reason import Reason
from harness.tiers.carriage import Unwritten
from harness.tiers.ledger import Asked, Out
from harness.tiers.line import GONE, Line
from harness.tiers.reading import Reading
from harness.tiers.services import ModelSession, Time
from harness.world.simulated_network import SYN_PAUSES_S

SENT = Moving(0, 0)


class Wire:
    """Between one client and its services.

    Args:
        latency_s: What each crossing takes.
    """

    def __init__(self, session: ModelSession, time: Time, latency_s: float) -> None:
        self.session = session
        self.time = time
        self.latency_s = latency_s
        self._idle: list[Line] = []
        self._cleans = False

    def send(self, send: Send, tell: Callable[[Event], None]) -> Call:
        """Send a request; ``tell`` hears how it moves and at last that it arrived or broke."""
        call = Call(self, send, tell)
        call.begin()
        return call

    def close(self) -> None:
        """The client closes every connection that it kept."""
        for line in self._idle:
            line.client_closes()
        self._idle.clear()

    def cross(self, arrive: Callable[..., None], *what: object) -> None:
        """Something is at the other end one latency from now."""
        self.time.call_at(self.time.now + self.latency_s, arrive, *what)

    # ── the pool ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def kept(self, service: str) -> Line | None:
        """A connection that was kept and may serve again."""
        now = self.time.now
        for line in list(self._idle):
            if line.service == service:
                self._idle.remove(line)
                if not line.client_knows_end and now - line.used_s <= HttpSender.keeps_idle_s:
                    return line
                line.client_closes()
        return None

    def keep(self, line: Line) -> None:
        """The connection may serve again."""
        line.used_s = self.time.now
        self._idle.append(line)
        self._clean_later()

    def _clean_later(self) -> None:
        if not self._cleans:
            self._cleans = True
            self.time.call_at(math.ceil(self.time.now + HttpSender.keeps_idle_s), self._clean)

    def _clean(self) -> None:
        """As aiohttp's pool does: now and then, on whole seconds."""
        self._cleans = False
        deadline = self.time.now - HttpSender.keeps_idle_s
        for line in list(self._idle):
            if line.client_knows_end or line.used_s < deadline:
                self._idle.remove(line)
                line.client_closes()
        if self._idle:
            self._clean_later()


class Call:
    """One request of the client's, with all the redirects that it follows."""

    def __init__(self, wire: Wire, send: Send, tell: Callable[[Event], None]) -> None:
        self._wire = wire
        self._session = wire.session
        self._send = send
        self._tell = tell
        self._exchange = send.request.exchange
        self._service = SERVICE_OF[self._exchange]
        self._heard = self._session.spoken.heard(send.request, send.url)
        self._url = send.url
        self._hops_left = send.most_redirects
        self._line: Line | None = None
        self._reading: Reading | None = None
        self._written: Reply | RawReply | None = None
        self._looks = False
        self._over = False

    # ── the client's end ─────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Send it on a connection that was kept, or on a new one."""
        wire = self._wire
        line = wire.kept(self._service)
        if line is not None:
            self._sent_on(line)
        elif self._session.disturbs_connections:
            self._gets_heard()
        else:
            wire.time.call_at(wire.time.now + wire.latency_s + wire.latency_s, self._accepted)

    def _gets_heard(self, knocks: int = 0) -> None:
        """Knock until it can be answered, as TCP does."""
        if self._over:
            return
        if not self._session.swallows(self._service):
            self._wire.cross(self._knocks)
        elif knocks < len(SYN_PAUSES_S):
            self._wire.time.call_at(self._wire.time.now + SYN_PAUSES_S[knocks], self._gets_heard, knocks + 1)
        else:
            self._finish(Broke(Reason.CONNECTION_LOST))

    def drop(self) -> None:
        """The client gives it up, and the connection with it."""
        self._over = True
        if self._line is not None:
            self._line.call = None
            self._line.client_closes()

    def _sent_on(self, line: Line) -> None:
        if self._over:
            return
        self._line, line.call = line, self
        self._tell(SENT)
        self._wire.cross(self._request_arrives, line)

    def _refused(self) -> None:
        self._finish(Broke(Reason.CONNECTION_REFUSED))

    def _accepted(self) -> None:
        """The client's end is connected; over TLS, its first flight leaves now."""
        if self._over:
            return
        if not self._session.tls:
            self._tell(SENT)
        self._wire.cross(self._line_opens)

    def bytes_arrive(self, data: bytes) -> None:
        """A piece of the reply; the reader is woken once for all that arrives at one moment."""
        if self._reading is None:
            self._reading = Reading(self._send.largest_body)
        self._reading.feed(data)
        self._look_soon()

    def line_ended(self) -> None:
        """The connection broke under it; what arrived at the same moment is read before."""
        self._wire.time.call_at(self._wire.time.now, self._end)

    def _end(self) -> None:
        if self._reading is None:
            self._finish(Broke(Reason.CONNECTION_LOST))
        else:
            self._reading.end()
            self._look()

    def _look_soon(self) -> None:
        if not self._looks:
            self._looks = True
            self._wire.time.call_at(self._wire.time.now, self._look)

    def _look(self) -> None:
        self._looks = False
        reading = self._reading
        if self._over or reading is None:
            return
        if reading.redirects_to is not None:
            self._follow(reading.redirects_to, reading.keeps_open)
            return
        for event in reading.news():
            if isinstance(event, Moving):
                self._tell(event)
                if self._over:
                    return
            else:
                self._finish(self._unaltered(event), keeps_open=reading.keeps_open and isinstance(event, Arrived))

    def _unaltered(self, event: Event) -> Event:
        """What arrived as it was sent may be a reply that nobody wrote down; its bytes stood in for those of its kind."""
        sent = self._written
        if not (isinstance(event, Arrived) and isinstance(sent, Unwritten)):
            return event
        came = event.reply
        return Arrived(sent) if (came.status, came.body) == (sent.status, sent.body) else event

    def _whole_arrives(self, reply: Reply, keeps_open: bool) -> None:
        """A reply that no fault on its bytes has met: there is nothing to parse."""
        if self._over:
            return
        location = reply.headers.get("Location") if reply.status in (307, 308) else None
        if location is not None:
            self._follow(location, keeps_open)
            return
        total, largest = len(reply.body), self._send.largest_body
        if total > largest:
            self._finish(Broke(Reason.REPLY_TOO_LARGE, f"{total} bytes announced"))
            return
        for done in range(CHUNK, total, CHUNK):
            self._tell(Moving(done, total))
            if self._over:
                return
        if total:
            self._tell(Moving(total, total))
        if not self._over:
            self._finish(Arrived(reply), keeps_open=keeps_open)

    def _follow(self, location: str, keeps_open: bool) -> None:
        self._let_go(keeps_open)
        self._reading = None
        here, there = urlsplit(self._url), urlsplit(urljoin(self._url, location))
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            self._finish(Broke(Reason.TOO_MANY_REDIRECTS, "redirected to another origin"))
        elif self._hops_left == 0:
            self._finish(Broke(Reason.TOO_MANY_REDIRECTS, f"more than {self._send.most_redirects} redirects"))
        else:
            self._hops_left -= 1
            self._url = there.geturl()
            self.begin()

    def _finish(self, event: Event, *, keeps_open: bool = False) -> None:
        if not self._over:
            self._over = True
            self._let_go(keeps_open)
            self._tell(event)

    def _let_go(self, keeps_open: bool) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        line.call = None
        if keeps_open and not line.client_knows_end:
            self._wire.keep(line)
        else:
            line.client_closes()

    # ── the services' end ────────────────────────────────────────────────────────────────────────────────────────────

    def _knocks(self) -> None:
        self._wire.cross(self._accepted if self._session.listens(self._service) else self._refused)

    def _line_opens(self) -> None:
        """The connection is accepted, and the client's first words are there with it."""
        session, service = self._session, self._service
        line = Line(self._wire, service, *session.ledger.connection_opened(service, tls=session.tls))
        if self._over:  # given up on the way
            line.client_closes()
            return
        self._line, line.call = line, self
        met = session.met_by(service, line.nth)
        if met is None:
            self._goes_on(line)
            return
        position, fault, plan = met
        fired = partial(session.ledger.fault_fired_at, line.number, service, position, fault)
        if isinstance(plan, HandshakeStall):
            self._is_held_up(line, plan, fired)
            return
        if isinstance(plan, StopReading | EarlyReply):
            line.awaits = plan, fired
            self._goes_on(line)
            return
        fired()
        match plan:
            case ConnectPlan.SILENCE:
                line.fall_silent()
            case ConnectPlan.RESET:
                self._cut(line)
            case HandshakePlan.CUT:
                session.ledger.handshake_failed(line.number, service, "cut after the client's first flight, as scripted")
                self._cut(line)
            case HandshakeAlert(number):
                detail = f"alert {number} instead of the server's hello, as scripted"
                self._is_turned_down(line, detail)
            case HandshakePlan.OLD_PROTOCOL:
                self._is_turned_down(line, "unsupported protocol")
            case HandshakePlan() if self._send.verify_tls and plan.is_untrusted:
                self._wire.cross(self._distrusts, line)
            case _:
                self._goes_on(line)

    def _goes_on(self, line: Line) -> None:
        if self._session.tls:
            self._wire.cross(self._sent_on, line)
        else:
            self._request_arrives(line)

    def _is_not_read(self, line: Line) -> None:
        """A request is there, and nobody reads it; or somebody answers all the same."""
        assert line.awaits is not None
        (plan, fired), line.awaits = line.awaits, None
        time = self._wire.time
        fired()
        if isinstance(plan, StopReading):
            line.stop_reading(plan.seconds)
            time.call_at(time.now + plan.seconds, self._request_arrives, line)
        else:
            line.fall_silent()
            self._wire.cross(self._whole_arrives, with_cors(Reply(plan.status)), False)
            time.call_at(time.now + LINGER_S, line.server_closes, "fin")

    def _cut(self, line: Line) -> None:
        if self._session.tls:
            line.call = None
            self._wire.cross(self._finish, Broke(Reason.TLS_FAILED))
        line.reset()

    def _is_turned_down(self, line: Line, detail: str) -> None:
        """An alert, and then the end."""
        self._session.ledger.handshake_failed(line.number, self._service, detail)
        line.call = None
        self._wire.cross(self._finish, Broke(Reason.TLS_FAILED))
        line.fin()

    def _is_held_up(self, line: Line, stall: HandshakeStall, fired: Callable[[], None]) -> None:
        """The client's first flight is there. Up to TLS 1.2 a second one answers the server's first."""
        line.shakes_hands = True
        if stall.before is Flight.FINISHED:
            self._wire.cross(self._wire.cross, self._stands_still, line, stall, fired)
        else:
            self._stands_still(line, stall, fired)

    def _stands_still(self, line: Line, stall: HandshakeStall, fired: Callable[[], None]) -> None:
        if not line.is_over:
            fired()
            self._wire.time.call_at(self._wire.time.now + stall.seconds, self._shakes_on, line)

    def _shakes_on(self, line: Line) -> None:
        if not line.is_over:
            line.shakes_hands = False
            self._goes_on(line)

    def _distrusts(self, line: Line) -> None:
        """The client has seen the certificate."""
        self._wire.cross(self._is_distrusted, line)
        self._finish(Broke(Reason.TLS_UNTRUSTED))

    def _is_distrusted(self, line: Line) -> None:
        self._session.ledger.handshake_failed(line.number, self._service, GONE)

    def _request_arrives(self, line: Line) -> None:
        if not line.hears:
            return
        if line.awaits is not None:
            self._is_not_read(line)
            return
        session, now_s = self._session, self._wire.time.now
        asked = session.ledger.request_received(
            line.number, self._service, self._exchange, now_s, self._send.request, self._heard, hop=self._url != self._send.url
        )
        line.open_request = asked.number
        answered = session.answer(asked, self._exchange, self._send.request, self._heard, self._url)
        stays = not isinstance(answered.reply, RawReply) or answered.reply.keeps_open
        keep_alive = stays and session.may_keep_alive(self._service)
        out = Out(answered.reply, session.clock.epoch_s(), keep_alive)
        if answered.links or isinstance(answered.reply, RawReply):
            self._play(line, asked, answered, out)
            return
        line.open_request = None
        session.ledger.reply_sent(asked, out, answered.answer, now_s, None, is_whole=True)
        self._wire.cross(self._whole_arrives, answered.reply, keep_alive)
        if not keep_alive:
            line.server_closes("fin")

    def _play(self, line: Line, asked: Asked, answered: Answered, out: Out) -> None:
        session, time = self._session, self._wire.time
        data = out.written().data
        self._written = answered.reply

        def ended(ending: Ending) -> None:
            if playback.sent_bytes >= len(data):
                line.open_request = None
            session.ledger.reply_sent(asked, out, answered.answer, time.now, playback.sent_bytes, is_whole=playback.is_whole)
            line.playback = None
            if ending is Ending.PLAYED and not out.keep_alive:
                line.server_closes("fin")

        rules = session.script.rules
        playback = Playback(
            cast("asyncio.AbstractEventLoop", time),  # of a loop it asks the time and a timer
            line,
            data,
            answered.links,
            fired=lambda position: session.ledger.fault_fired_on(asked, position, rules[position].fault),
            ended=ended,
        )
        line.playback = playback
        playback.play()
