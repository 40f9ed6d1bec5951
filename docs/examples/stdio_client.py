"""A small, correct client for the stdio adapter: it acquires Clear Key licenses and tells its user the truth about it.

Standard library only. To test a client of your own, keep ``main`` and ``say`` and put it in the place of ``acquire``.
The protocol and how to run this: ../client-protocol.md. What it promises: stdio_client.profile.yaml.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from typing import Any

from clearkey_service import Trouble, ask_for_key

ATTEMPTS, ATTEMPT_S, LONGEST_WAIT_S = 4, 10.0, 900.0
BASE_S, FACTOR, CAP_S, JITTER = 0.25, 2, 5.0, 0.2

# What may be different in a moment, so that trying again by itself makes sense; and what no retry will change.
AUTOMATIC = {"name_not_resolved", "connection_refused", "connection_lost", "timed_out", "tls_failed", "service_unavailable"}
AUTOMATIC |= {"rate_limited", "unreadable_reply", "maintenance"}
FINAL = {"device_revoked", "license_denied", "not_supported", "request_refused"}


def say(**message: Any) -> None:
    """One message, one line."""
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


class Client:
    """What the program knows from ``initialize`` to ``shutdown``."""

    def __init__(self, setup: dict[str, Any]) -> None:
        self.setup = setup
        self.licenses = dict(setup["holds"])
        self.url_confirmed = setup["url_trust"] == "trusted"
        self.rounds = self.attempts = 0
        self.may_retry = False
        self.round: asyncio.Task[None] | None = None
        self.awaited: asyncio.Future[Any] | None = None  # the user's consent, or the end of a pause
        self.epoch_s = setup["epoch_s"] - asyncio.get_running_loop().time()

    def report(self, phase: str, text: str, **more: Any) -> None:
        """Tell the user. Only a settling status says whether a retry may follow."""
        self.may_retry = more.get("retryable", False)
        told = {"round": self.rounds, "attempt": self.attempts, "phase": phase, "text": text, **more}
        say(method="status", params={"operation": "license_acquisition", **told})

    def fail(self, reason: str) -> None:
        """Settle the round; the user is offered a retry where one can help."""
        text = f"The license could not be fetched: {reason.replace('_', ' ')}."
        self.report("failed", text, reason=reason, retryable=reason not in FINAL)

    def open_round(self, phase: str) -> None:
        """The user starts, or tries again."""
        self.rounds += 1
        self.report(phase, "Getting the license.")
        self.round = asyncio.create_task(self.acquire())

    async def end_round(self, reason: str = "") -> None:
        """Stop what is under way; its connection is closed when this returns."""
        if self.round is not None and not self.round.done():
            self.round.cancel()
            await asyncio.wait([self.round])
            if reason:
                self.report("cancelled", "You stopped it.", reason=reason, retryable=True)

    async def answer(self) -> Any:
        """What ``main`` hears: the user's consent, or that a pause is over."""
        self.awaited = asyncio.get_running_loop().create_future()
        return await self.awaited

    async def acquire(self) -> None:
        """One round, up to its settling status."""
        if not self.setup["settings"]["supported"]:
            return self.fail("not_supported")
        if not self.url_confirmed:
            self.report("consent_needed", "The license address is doubtful. Go on?", reason=f"url_{self.setup['url_trust']}")
            self.url_confirmed = await self.answer()
            if not self.url_confirmed:
                return self.report("declined", "You did not agree.", reason="consent_refused", retryable=True)
        for tries in range(1, ATTEMPTS + 1):
            self.attempts += 1
            self.report("connecting" if tries == 1 else "retrying", "Asking the license service.")
            try:
                key = await self.attempt()
            except Trouble as trouble:
                if trouble.reason not in AUTOMATIC or tries == ATTEMPTS or trouble.retry_after_s > LONGEST_WAIT_S:
                    return self.fail(trouble.reason)
                await self.pause(tries, trouble)
            else:  # no await from here on: the license is stored and reported, or neither
                self.report("installing", "Storing the license.")
                self.licenses[self.setup["content"]] = key.hex()
                return self.report("succeeded", "The license is here.")

    async def attempt(self) -> bytes:
        """The key, or Trouble."""
        setup, now_s = self.setup, self.epoch_s + asyncio.get_running_loop().time()
        url, ca_file = setup["endpoints"]["license"], setup["ca_file"]
        return await ask_for_key(url, ca_file, setup["content"], setup["key_check"], now_s, ATTEMPT_S)

    async def pause(self, failures: int, trouble: Trouble) -> None:
        """Exponential backoff with jitter, and never less than the service asks for."""
        backoff_s = min(CAP_S, BASE_S * FACTOR ** (failures - 1)) * random.uniform(1 - JITTER, 1 + JITTER)
        pause_s = max(backoff_s, trouble.retry_after_s)
        text = f"That did not work: {trouble.reason.replace('_', ' ')}. Trying again in {pause_s:.1f} s."
        self.report("retry_scheduled", text, reason=trouble.reason, retry_in_s=pause_s)
        say(id=self.attempts, method="wait", params={"seconds": pause_s})
        await self.answer()


async def main() -> None:
    """Answer each call at once; what comes of it is reported later."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        call = json.loads(line)
        result: Any = None
        match call.get("method"):
            case "initialize":
                client = Client(call["params"]["setup"])
                result = {"name": "stdio_client", "version": "1.0", "waits": True}
            case "start":
                client.open_round("started")
            case "retry" if client.may_retry:
                client.open_round("retrying")
            case "cancel":
                await client.end_round("cancelled_by_user")
            case "respond" if client.awaited and not client.awaited.done():
                client.awaited.set_result(call["params"]["yes"])
            case "rights":
                result = {"licenses": sorted(client.licenses), "individualized": bool(client.setup["client_version"])}
            case None if call.get("id") == client.attempts and client.awaited and not client.awaited.done():
                client.epoch_s = call["result"]["epoch_s"] - asyncio.get_running_loop().time()
                client.awaited.set_result(True)  # a pause is over
        if "method" in call:
            say(id=call["id"], result=result)
        if call.get("method") == "shutdown":
            return await client.end_round()


if __name__ == "__main__":
    asyncio.run(main())
