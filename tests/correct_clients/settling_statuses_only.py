"""A correct client of another make: straight-line code over httpx, no table, no shared logic, and few words.

It acquires licenses only, and tells its user no more than how it ended and what it needs.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from fake_servers.content_keys import check_of
from fake_servers.dialects import DIALECTS
from fake_servers.dialects.base import BadReply
from fake_servers.faults.base import Reply
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest
from harness.adapters.protocol import Rights, Setup
from harness.operations.retry import RetryPolicy
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason

TRIES = 3
PAUSE_S = 3.0

REFUSALS = {
    Answer.CLIENT_TOO_OLD: Reason.CLIENT_TOO_OLD,
    Answer.QUOTA_USED_UP: Reason.QUOTA_USED_UP,
    Answer.DENIED: Reason.LICENSE_DENIED,
    Answer.DEVICE_REVOKED: Reason.DEVICE_REVOKED,
    Answer.LICENSE_EXPIRED: Reason.LICENSE_EXPIRED,
    Answer.STALE_NONCE: Reason.REPLAYED_REQUEST,
    Answer.MAINTENANCE: Reason.MAINTENANCE,
}


@dataclass
class GivenUp(Exception):  # noqa: N818  # the way out of straight-line code, not an error
    """The round ends here."""

    phase: Phase
    reason: Reason
    retryable: bool


class Client:
    """Three tries, three seconds apart; settling statuses only."""

    capabilities = frozenset({"status", "outcome", "truth", "rights", "wire", "retry_policy"})
    profile = Profile(
        name="settling_statuses_only",
        about="Hand-written over httpx; says only how it ended and what it needs of its user.",
        operations=(Operation.LICENSE_ACQUISITION,),
        several_contents=True,
        phases=(Phase.STARTED, Phase.RETRYING, Phase.CONSENT_NEEDED, Phase.PAGE_NEEDED),
        retry=RetryPolicy(attempts=TRIES, base=PAUSE_S, factor=1.0, jitter=0.0, attempt_timeout=8.0, longest_wait=60.0),
        silence=120.0,
        reports_attempts=False,
        reports_progress=False,
    )

    def __init__(self) -> None:
        self._round = 0
        self._task: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[bool] | None = None
        self._consented = False
        self._url_confirmed = False
        self._may_retry = True
        self._stopped_by_user = False

    async def initialize(self, setup: Setup) -> None:
        self._setup = setup
        self._held = dict(setup.holds)
        self._checks = {setup.content: setup.key_check, **setup.also}
        self._version = setup.client_version
        self._dialect = DIALECTS[setup.dialect]
        trust = ssl.create_default_context(cafile=setup.ca_file) if setup.ca_file else True
        self._http = httpx.AsyncClient(verify=trust, timeout=8.0, trust_env=False)

    async def start(self, operation: Operation) -> None:
        self._begin(Phase.STARTED)

    async def retry(self) -> None:
        if self._may_retry and (self._task is None or self._task.done()):
            self._begin(Phase.RETRYING)

    async def respond(self, question: str, yes: bool) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(yes)

    async def cancel(self) -> None:
        if self._task is not None:
            self._stopped_by_user = True
            self._task.cancel()

    async def rights(self) -> Rights:
        return Rights(tuple(sorted(self._held)), bool(self._version))

    async def shutdown(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._http.aclose()

    # ── a round ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _begin(self, phase: Phase) -> None:
        self._round += 1
        self._stopped_by_user = False
        self._say(phase, "Getting the license.")
        self._task = asyncio.create_task(self._play())

    async def _play(self) -> None:
        try:
            await self._acquire()
        except GivenUp as end:
            self._may_retry = end.retryable
            self._say(end.phase, f"No license: {end.reason.meaning}.", end.reason, end.retryable)
        except asyncio.CancelledError:
            if not self._stopped_by_user:
                raise  # it is shut down, and nobody listens any more
            self._say(Phase.CANCELLED, "Stopped.", Reason.CANCELLED_BY_USER, True)
        else:
            self._say(Phase.SUCCEEDED, "The license is here.", retryable=False)

    async def _acquire(self) -> None:
        if not self._setup.settings.supported:
            raise GivenUp(Phase.FAILED, Reason.NOT_SUPPORTED, False)
        if self._setup.url_trust != "trusted" and not self._url_confirmed:
            await self._agree("The address of this license cannot be verified. Go on?")
            self._url_confirmed = True
        decision = await self._get_each()
        if decision.answer is Answer.NEEDS_INDIVIDUALIZATION:
            if not self._consented:
                await self._agree("This device needs an upgrade first. Go on?")
                self._consented = True
            await self._individualize()
            decision = await self._get_each()
        if decision.answer is Answer.PAGE_REQUIRED:
            decision = await self._watch_page(decision.url)
        self._expect(Answer.GRANTED, decision)
        self._store(decision, self._setup.content)

    async def _get_each(self) -> Decision:
        """Every content gets its license by itself, all at once; the answer for one that got none, if there is one."""
        tasks = [asyncio.create_task(self._get(content)) for content in self._checks]
        try:
            decisions = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        return next((decision for decision in decisions if decision.answer is not Answer.GRANTED), decisions[0])

    async def _get(self, content: str) -> Decision:
        decision = await self._ask(Exchange.LICENSE, content)
        if decision.answer is Answer.GRANTED:
            self._store(decision, content)
        return decision

    async def _individualize(self) -> None:
        decision = await self._ask(Exchange.INDIVIDUALIZATION)
        self._expect(Answer.INDIVIDUALIZED, decision)
        self._version = decision.client_version

    async def _watch_page(self, url: str) -> Decision:
        self._say(Phase.PAGE_NEEDED, "Please complete the page.", url=url)
        for _ in range(12):
            await asyncio.sleep(7.0)
            decision = await self._ask(Exchange.MONITOR, self._setup.content)
            if decision.answer is not Answer.PAGE_PENDING:
                return decision
        raise GivenUp(Phase.FAILED, Reason.PAGE_NOT_COMPLETED, True)

    @staticmethod
    def _expect(answer: Answer, decision: Decision) -> None:
        if decision.answer is not answer:
            reason = REFUSALS.get(decision.answer, Reason.NEEDS_INDIVIDUALIZATION)
            raise GivenUp(Phase.FAILED, reason, reason.retryable)

    def _store(self, decision: Decision, content: str) -> None:
        license_ = decision.licenses[0]
        now_s = self._setup.epoch_s()
        if license_.expires_epoch_s is not None and license_.expires_epoch_s <= now_s:
            raise GivenUp(Phase.FAILED, Reason.LICENSE_EXPIRED, True)
        if license_.begins_epoch_s is not None and license_.begins_epoch_s > now_s:
            raise GivenUp(Phase.FAILED, Reason.LICENSE_NOT_YET_VALID, True)
        if license_.content != content or check_of(license_.key) != self._checks[content]:
            raise GivenUp(Phase.FAILED, Reason.LICENSE_UNUSABLE, True)
        self._held[license_.content] = license_.key.hex()

    async def _agree(self, question: str) -> None:
        self._answer = asyncio.get_running_loop().create_future()
        self._say(Phase.CONSENT_NEEDED, question)
        if not await self._answer:
            raise GivenUp(Phase.DECLINED, Reason.CONSENT_REFUSED, True)

    # ── one question to a service, up to three times ─────────────────────────────────────────────────────────────────

    async def _ask(self, exchange: Exchange, content: str = "") -> Decision:
        key = self._setup.rng.randbytes(8).hex()
        for left in reversed(range(TRIES)):
            reason, wait_s, decision = await self._try(exchange, content, key)
            if decision is not None:
                return decision
            if not left or wait_s > 60.0:
                raise GivenUp(Phase.FAILED, reason, True)
            await asyncio.sleep(max(PAUSE_S, wait_s))
        raise AssertionError("unreachable")

    async def _try(self, exchange: Exchange, content: str, key: str) -> tuple[Reason, float, Decision | None]:
        request = ServiceRequest(
            exchange=exchange,
            device=self._setup.device,
            client_version=self._version,
            contents=(content,) if content else (),
            nonce=self._setup.rng.randbytes(16).hex(),
            idempotency_key=key if exchange is Exchange.INDIVIDUALIZATION else "",
            silent=exchange is not Exchange.MONITOR,
        )
        http = self._dialect.encode_request(request, self._setup.endpoints[exchange.value])
        try:
            async with asyncio.timeout(8.0):
                reply = await self._post(http.url, dict(http.headers), http.body)
        except TimeoutError:
            return Reason.TIMED_OUT, 0.0, None
        except httpx.TimeoutException:
            return Reason.TIMED_OUT, 0.0, None
        except httpx.ConnectError as error:
            return self._why_no_connection(error), 0.0, None
        except httpx.HTTPError:
            return Reason.CONNECTION_LOST, 0.0, None
        reason, wait_s, decision = self._read(exchange, request.contents, reply)
        if decision is not None and decision.nonce not in ("", request.nonce):
            return Reason.UNREADABLE_REPLY, 0.0, None
        return reason, wait_s, decision

    async def _post(self, url: str, headers: dict[str, str], body: bytes) -> Reply | None:
        async with self._http.stream("POST", url, headers=headers, content=body) as response:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > 1_000_000:
                    return None
            return Reply(response.status_code, dict(response.headers), bytes(content))

    @staticmethod
    def _why_no_connection(error: httpx.ConnectError) -> Reason:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise GivenUp(Phase.FAILED, Reason.TLS_UNTRUSTED, True)
        return Reason.CONNECTION_REFUSED if "All connection attempts failed" in str(error) else Reason.TLS_FAILED

    def _read(self, exchange: Exchange, asked: tuple[str, ...], reply: Reply | None) -> tuple[Reason, float, Decision | None]:
        if reply is None:
            raise GivenUp(Phase.FAILED, Reason.REPLY_TOO_LARGE, True)
        if reply.status == 429 or reply.status >= 500:
            reason = Reason.RATE_LIMITED if reply.status == 429 else Reason.SERVICE_UNAVAILABLE
            return reason, self._asked_to_wait_s(reply), None
        if 300 <= reply.status < 400:
            raise GivenUp(Phase.FAILED, Reason.TOO_MANY_REDIRECTS, True)
        try:
            return Reason.UNKNOWN, 0.0, self._dialect.decode_reply(exchange, reply, asked)
        except BadReply:
            if reply.status >= 400:
                raise GivenUp(Phase.FAILED, Reason.REQUEST_REFUSED, False) from None
            return Reason.UNREADABLE_REPLY, 0.0, None

    def _asked_to_wait_s(self, reply: Reply) -> float:
        text = reply.headers.get("retry-after", "")
        if text.isdecimal():
            return float(text)
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - self._setup.epoch_s())
        except ValueError:
            return 0.0

    def _say(
        self, phase: Phase, text: str, reason: Reason | None = None, retryable: bool | None = None, url: str | None = None
    ) -> None:
        self._setup.report(
            StatusMessage(
                operation=Operation.LICENSE_ACQUISITION,
                round=self._round,
                phase=phase,
                reason=reason,
                retryable=retryable,
                text=text,
                url=url,
            )
        )
