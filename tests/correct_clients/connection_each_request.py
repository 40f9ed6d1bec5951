"""A correct client over httpx: another library under the same logic, and a connection of its own for each request."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable

import httpx

from fake_servers.faults.base import Reply
from harness.client.decisions import Decisions
from harness.client.effects import Arrived, Broke, Event, Moving, Send
from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.phase import Phase
from harness.status.reason import Reason


class OverHttpx(HttpSender):
    """Follows no redirect, keeps no connection, and asks for no more than its library tells it."""

    def __init__(self, ca_file: str | None) -> None:
        super().__init__(ca_file)
        self._trusts = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # the services' own authority and no other
        if ca_file is not None:
            self._trusts.load_verify_locations(ca_file)

    async def __call__(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        request = send.encoded()
        # Sooner than the limit for the whole: a handshake that is cancelled from outside stays open (httpcore 1.0.9 closes the
        # connection on exceptions only), and one that times out by itself does not.
        patience = httpx.Timeout(None, connect=0.9 * send.timeout_s)
        try:
            async with (
                asyncio.timeout(send.timeout_s),
                httpx.AsyncClient(verify=self._trusts, timeout=patience, trust_env=False) as http,
                http.stream(
                    request.method,
                    request.url,
                    headers={**request.headers, "Connection": "close"},
                    content=request.body,
                ) as response,
            ):
                return await self._whole(response, send.largest_body)
        except (TimeoutError, httpx.TimeoutException):
            return Broke(Reason.TIMED_OUT)
        except httpx.RemoteProtocolError as error:  # a reply cut short, or one that is no HTTP at all
            return Broke(Reason.CONNECTION_LOST if "disconnected" in str(error) else Reason.UNREADABLE_REPLY, str(error))
        except httpx.ConnectError as error:
            return Broke(self._why_no_connection(str(error), request.url), str(error))
        except httpx.HTTPError as error:
            return Broke(Reason.CONNECTION_LOST, str(error))

    @staticmethod
    async def _whole(response: httpx.Response, largest: int) -> Event:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > largest:
                return Broke(Reason.REPLY_TOO_LARGE)
        return Arrived(Reply(response.status_code, dict(response.headers), bytes(body)))

    @staticmethod
    def _why_no_connection(words: str, url: str) -> Reason:
        if "CERTIFICATE_VERIFY_FAILED" in words:
            return Reason.TLS_UNTRUSTED
        return Reason.CONNECTION_REFUSED if "All connection attempts failed" in words else Reason.TLS_FAILED


class Terse(Decisions):
    """It cannot see bytes move, so it says nothing of them."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        return () if status.phase in (Phase.REQUESTING, Phase.RECEIVING) else (status,)


class Client(ReferenceClient):
    """Two quick tries, each on a fresh connection."""

    decisions = Terse
    sender = OverHttpx
    profile = Profile(
        name="connection_each_request",
        about="Over httpx: no kept connection, no redirect, no progress of bytes, one retry after three seconds.",
        phases=tuple(phase for phase in Phase if phase not in (Phase.REQUESTING, Phase.RECEIVING)),
        retry=RetryPolicy(attempts=2, base=3.0, jitter=0.0),
    )
