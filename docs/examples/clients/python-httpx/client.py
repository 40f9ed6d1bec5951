"""A license client with httpx, in process: tenacity asks again, and the user hears of it. What it promises: profile.yaml."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import tenacity

from harness.adapters.protocol import Rights, Setup
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason

ATTEMPTS, ATTEMPT_S, LONGEST_WAIT_S = 4, 10.0, 900.0
BACKOFF = tenacity.wait_exponential(multiplier=0.5, max=5) + tenacity.wait_random(0, 0.1)
AUTOMATIC = {"connection_refused", "connection_lost", "timed_out", "service_unavailable", "rate_limited"}

REFUSALS = {"denied": Reason.LICENSE_DENIED, "device_revoked": Reason.DEVICE_REVOKED}
REASONS = {
    TimeoutError: Reason.TIMED_OUT,
    httpx.TimeoutException: Reason.TIMED_OUT,
    httpx.ConnectError: Reason.CONNECTION_REFUSED,
    httpx.TransportError: Reason.CONNECTION_LOST,
    Exception: Reason.UNREADABLE_REPLY,  # no JSON, no base64, nothing where the license should be: the first that fits counts
}


class Trouble(Exception):  # noqa: N818 - what went wrong with an attempt is no error of this program
    """An attempt that did not work: why, and how long the service asks us to stay away."""

    def __init__(self, reason: Reason, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.retry_after_s = reason, retry_after_s
        self.may_pass = reason in AUTOMATIC and retry_after_s <= LONGEST_WAIT_S


def pause_s(state: tenacity.RetryCallState) -> float:
    """tenacity knows no Retry-After: the longer of what the service asks for and the backoff."""
    return max(BACKOFF(state), state.outcome.exception().retry_after_s)


class Client:
    """A harness.adapters.protocol.ClientUnderTest, but for its profile, which the command line gives."""

    def __init__(self) -> None:
        self.rounds, self.attempts, self.may_retry = 0, 0, False
        self.round: asyncio.Task[None] | None = None

    def initialize(self, setup: Setup) -> None:
        self.setup, self.licenses = setup, set(setup.holds)
        tls = ssl.create_default_context(cafile=setup.ca_file)
        self.http = httpx.AsyncClient(verify=tls, timeout=ATTEMPT_S, trust_env=False)  # it follows no redirect

    def start(self, operation: Operation) -> None:
        self.open_round(Phase.STARTED)

    def retry(self) -> None:
        if self.may_retry:
            self.open_round(Phase.RETRYING)

    def respond(self, question: str, yes: bool) -> None:
        """This client asks nothing."""

    async def cancel(self) -> None:
        if self.round is not None and self.round.cancel():
            await asyncio.wait([self.round])
            self.report(Phase.CANCELLED, "You stopped it.", reason=Reason.CANCELLED_BY_USER, retryable=True)

    def rights(self) -> Rights:
        return Rights(tuple(sorted(self.licenses)), individualized=bool(self.setup.client_version))

    async def shutdown(self) -> None:
        if self.round is not None:
            self.round.cancel()
        await self.http.aclose()

    def report(self, phase: Phase, text: str, **more: Any) -> None:
        self.may_retry = more.get("retryable", False)
        told = {"round": self.rounds, "attempt": self.attempts, "phase": phase, "text": text, **more}
        self.setup.report(StatusMessage(operation=Operation.LICENSE_ACQUISITION, **told))

    def open_round(self, phase: Phase) -> None:
        self.rounds += 1
        self.report(phase, "Getting the license.")
        self.round = asyncio.create_task(self.play_round())

    async def play_round(self) -> None:
        again = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, Trouble) and error.may_pass),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=pause_s,
            before=self.tell_attempt,
            before_sleep=self.tell_pause,
            reraise=True,
        )
        try:
            await again(self.attempt)
        except Trouble as error:
            return self.report(Phase.FAILED, error.reason.meaning, reason=error.reason, retryable=error.reason.retryable)
        self.licenses.add(self.setup.content)
        self.report(Phase.SUCCEEDED, "The license is here.")

    def tell_attempt(self, state: tenacity.RetryCallState) -> None:
        self.attempts += 1
        self.report(Phase.CONNECTING if state.attempt_number == 1 else Phase.RETRYING, "Asking the license service.")

    def tell_pause(self, state: tenacity.RetryCallState) -> None:
        reason, seconds = state.outcome.exception().reason, state.upcoming_sleep
        self.report(Phase.RETRY_SCHEDULED, f"Again in {seconds:.1f} s: {reason.meaning}.", reason=reason, retry_in_s=seconds)

    async def attempt(self) -> None:
        """One request. The right key came of it, or Trouble is raised."""
        setup = self.setup
        if setup.url_trust != "trusted":
            raise Trouble(Reason(f"url_{setup.url_trust}"))
        kid = base64.urlsafe_b64encode(hashlib.sha256(b"kid:" + setup.content.encode()).digest()[:16]).rstrip(b"=").decode()
        try:
            async with asyncio.timeout(ATTEMPT_S):  # the whole attempt: httpx limits each step only
                reply = await self.http.post(setup.endpoints["license"], json={"kids": [kid], "type": "temporary"})
            raise_refusal(reply, setup.epoch_s())
            keys = {key["kid"]: base64.urlsafe_b64decode(key["k"] + "==") for key in reply.json()["keys"]}
            if hashlib.sha256(keys[kid]).hexdigest()[:16] != setup.key_check:
                raise Trouble(Reason.LICENSE_UNUSABLE)
        except Trouble:
            raise
        except Exception as error:  # whatever a reply holds, the user is told
            reason = next(reason for kind, reason in REASONS.items() if isinstance(error, kind))
            raise Trouble(Reason.TLS_UNTRUSTED if "CERTIFICATE_VERIFY_FAILED" in str(error) else reason) from error


def raise_refusal(reply: httpx.Response, now_s: float) -> None:
    """Trouble, unless the reply is a license by its head."""
    is_json = reply.headers.get("Content-Type", "").startswith("application/json")
    if reply.status_code >= 500 or reply.status_code in (408, 425, 429):
        asked = reply.headers.get("Retry-After", "0")  # seconds, or a date
        asked_s = float(asked) if asked.isdecimal() else parsedate_to_datetime(asked).timestamp() - now_s
        raise Trouble(Reason.RATE_LIMITED if reply.status_code == 429 else Reason.SERVICE_UNAVAILABLE, max(0.0, asked_s))
    if reply.status_code >= 400:
        raise Trouble(REFUSALS.get(reply.json()["error"] if is_json else "", Reason.REQUEST_REFUSED))
    if not is_json:  # a hotel's login page, say
        raise Trouble(Reason.TOO_MANY_REDIRECTS if reply.has_redirect_location else Reason.UNREADABLE_REPLY)
