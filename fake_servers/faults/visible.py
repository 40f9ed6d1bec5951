"""Whether a dialect has words for what a service fault decides: if its reply would be the same as ever, nobody could tell."""

from __future__ import annotations

from fake_servers.dialects.base import SUCCESS, Dialect
from fake_servers.faults.base import ServiceFault
from fake_servers.services.decision import Decision, Exchange, License, ServiceRequest

CONTENTS = ("film", "trailer")
NOW_EPOCH_S = 1_767_225_600.0


def is_visible(fault: ServiceFault, exchange: Exchange, dialect: Dialect) -> bool:
    """Whether a reply to this exchange shows the fault: an exemplary success is written down with it and without it."""
    request = ServiceRequest(
        exchange=exchange, device="device", contents=CONTENTS, nonce="n-1", receipt="r-1", received_epoch_s=NOW_EPOCH_S
    )
    honest = Decision(
        answer=SUCCESS[exchange],
        licenses=tuple(License(content=content, key=bytes(16)) for content in CONTENTS),
        contents=CONTENTS,
        package=bytes(16),
        client_version="1",
        receipt="r-1",
        nonce="n-1",
    )
    bent = fault.decide(request, lambda: honest)
    return bent != honest and dialect.encode_reply(exchange, bent) != dialect.encode_reply(exchange, honest)
