"""What an HTTP fault is given: a context, and the service's own reply."""

from random import Random

from fake_servers.faults.base import HttpContext, Reply

URL = "http://127.0.0.1:8080/license"
EPOCH_S = 1_767_225_600.25  # a quarter of a second after 2026-01-01T00:00:00Z

HONEST = Reply(
    200,
    {
        "Content-Type": "application/json",
        "Access-Control-Allow-Origin": "*",
        "access-control-expose-headers": "Retry-After",
        "Cache-Control": "no-store",
    },
    b'{"keys":[]}',
)


def context(url: str = URL, epoch_s: float = EPOCH_S) -> HttpContext:
    """The context of one exchange."""
    return HttpContext(url=url, epoch_s=epoch_s, rng=Random(7))
