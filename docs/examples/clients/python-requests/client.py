"""A license client with requests: urllib3's Retry asks again, and the user hears of it. What it promises: profile.yaml."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import threading
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, Retry
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError, SSLError, TimeoutError

FINAL = {"device_revoked", "license_denied", "not_supported", "request_refused"}
REFUSALS = {"denied": "license_denied", "device_revoked": "device_revoked", "maintenance": "maintenance"}
REASONS: dict[type[Exception], str] = {
    NameResolutionError: "name_not_resolved",
    NewConnectionError: "connection_refused",
    TimeoutError: "timed_out",
    SSLError: "tls_untrusted",
    requests.TooManyRedirects: "too_many_redirects",
    requests.JSONDecodeError: "unreadable_reply",
    HTTPError: "connection_lost",
    requests.RequestException: "connection_lost",
    Exception: "unreadable_reply",  # no base64, nothing where the license should be: the first that fits counts
}


class Trouble(Exception):  # noqa: N818 - what went wrong with an attempt is no error of this program
    pass


def reason_of(error: Exception) -> str:
    """In the harness's words. requests wraps what urllib3 has said."""
    if isinstance(error, Trouble):
        return str(error)
    wrapped = getattr(error.args[0], "reason", None) if error.args else None
    cause = wrapped if isinstance(wrapped, HTTPError) else error
    return next(reason for kind, reason in REASONS.items() if isinstance(cause, kind))


class ToldRetry(Retry):
    """urllib3's Retry, with two things added: the user is told of each pause, and pauses take the world's time."""

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Called by urllib3 between two attempts."""
        last = self.history[-1]
        reason = reason_of(last.error) if last.error else "rate_limited" if last.status == 429 else "service_unavailable"
        seconds = (self.get_retry_after(response) if response else None) or self.get_backoff_time()
        client.report("retry_scheduled", f"{reason}. Trying again in {seconds:.1f} s.", reason=reason, retry_in_s=seconds)
        client.wait(seconds)
        client.attempts += 1
        client.report("retrying", "Asking the license service again.")


RETRY = ToldRetry(
    total=3,
    allowed_methods={"POST"},  # not among the defaults
    status_forcelist={408, 425, 429, 500, 502, 503, 504},
    backoff_factor=0.5,
    raise_on_status=False,  # the last reply says more than an exception would
)


class Client:
    def __init__(self) -> None:
        self.setup: dict[str, Any] = {}
        self.rounds, self.attempts, self.may_retry = 0, 0, False
        self.worker: threading.Thread | None = None
        self.waits: list[threading.Event] = []
        self.session = requests.Session()
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, HTTPAdapter(max_retries=RETRY))

    def report(self, phase: str, text: str, **more: Any) -> None:
        """Tell the user. requests cannot be stopped, but a round that was cancelled has nothing more to say, and ends here."""
        if threading.current_thread() not in (threading.main_thread(), self.worker):
            sys.exit()
        self.may_retry = more.get("retryable", False)
        told = {"round": self.rounds, "attempt": self.attempts, "phase": phase, "text": text, **more}
        say(method="status", params={"operation": "license_acquisition", **told})

    def wait(self, seconds: float) -> None:
        """In production this is time.sleep."""
        self.waits.append(threading.Event())
        say(id=len(self.waits), method="wait", params={"seconds": seconds})
        self.waits[-1].wait()

    def open_round(self, phase: str) -> None:
        self.rounds += 1
        self.report(phase, "Getting the license.")
        self.worker = threading.Thread(target=self.play_round, daemon=True)
        self.worker.start()

    def play_round(self) -> None:
        try:
            self.acquire()
        except Exception as error:  # noqa: BLE001 - whatever a reply holds, the user is told
            reason = reason_of(error)
            self.report("failed", f"No license: {reason.replace('_', ' ')}.", reason=reason, retryable=reason not in FINAL)

    def acquire(self) -> None:
        setup = self.setup
        if setup["url_trust"] != "trusted":
            raise Trouble(f"url_{setup['url_trust']}")
        self.attempts += 1
        self.report("connecting", "Asking the license service.")
        kid = base64.urlsafe_b64encode(hashlib.sha256(b"kid:" + setup["content"].encode()).digest()[:16]).rstrip(b"=").decode()
        url, ask, ca_file = setup["endpoints"]["license"], {"kids": [kid], "type": "temporary"}, setup["ca_file"]
        reply = self.session.post(url, json=ask, timeout=10, verify=ca_file or True)
        if reply.status_code >= 500 or reply.status_code in (408, 425, 429):
            raise Trouble("rate_limited" if reply.status_code == 429 else "service_unavailable")
        if reply.status_code >= 400:
            refusal = reply.json()["error"] if "json" in reply.headers.get("Content-Type", "") else ""
            raise Trouble(REFUSALS.get(refusal, "request_refused"))
        keys = {key["kid"]: base64.urlsafe_b64decode(key["k"] + "==") for key in reply.json()["keys"]}
        if hashlib.sha256(keys[kid]).hexdigest()[:16] != setup["key_check"]:
            raise Trouble("license_unusable")
        self.licenses.add(setup["content"])
        self.report("succeeded", "The license is here.")


def say(**message: Any) -> None:
    print(json.dumps({"jsonrpc": "2.0", **message}) + "\n", end="", flush=True)  # in one write, since two threads speak


client = Client()
for call in map(json.loads, sys.stdin):
    result: Any = None
    match call.get("method"):
        case "initialize":
            client.setup = call["params"]["setup"]
            client.licenses = set(client.setup["holds"])
            result = {"name": "python-requests", "waits": True}
        case "start":
            client.open_round("started")
        case "retry" if client.may_retry:
            client.open_round("retrying")
        case "cancel" if not client.may_retry:
            client.worker = None
            client.report("cancelled", "You stopped it.", reason="cancelled_by_user", retryable=True)
        case "rights":
            result = {"licenses": sorted(client.licenses), "individualized": bool(client.setup["client_version"])}
        case None:
            client.waits[call["id"] - 1].set()
    if "method" in call:
        say(id=call["id"], result=result)
