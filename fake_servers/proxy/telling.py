"""What of a stranger's traffic may be told in a journal. Whatever is not known to be harmless is kept out of it.

License requests carry tokens under any name: ``Authorization``, cookies, vendors' own headers, queries, parts of paths. So the
values of listed headers are shown, and of all others how long they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fake_servers.engine.http_reply import SHOWN_CHARACTERS, SHOWN_HEADERS

RawHeaders = Iterable[tuple[bytes, bytes]]
"""Names and values, as they stand in a head."""

HARMLESS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "access-control-max-age",
        "access-control-request-headers",
        "access-control-request-method",
        "age",
        "allow",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "expect",
        "expires",
        "host",
        "keep-alive",
        "retry-after",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "user-agent",
        "vary",
        "via",
    }
)

LONGEST_STEP = 24
"""Characters of one part of a path: what is longer may be a token."""

_TEXT = re.compile(r"[ -~]*")


def shown_headers(headers: RawHeaders) -> dict[str, str]:
    """Names in lower case; the values of harmless ones, cut at 200 characters; of all others the length. The first 32."""
    shown: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        is_told = name in HARMLESS and _TEXT.fullmatch(value)
        shown[name[:SHOWN_CHARACTERS]] = value[:SHOWN_CHARACTERS] if is_told else f"({len(raw_value)} bytes, not shown)"
        if len(shown) == SHOWN_HEADERS:
            break
    return shown


def shown_path(target: str) -> str:
    """The path of a request's target; a query is only hinted at, and so are parts that may be tokens."""
    path, has_query, _ = target.partition("?")
    steps = [step if _is_told(step) else f"({len(step)} characters, not shown)" for step in path.split("/")]
    return "/".join(steps)[:SHOWN_CHARACTERS] + ("?…" if has_query else "")


def _is_told(step: str) -> bool:
    return len(step) <= LONGEST_STEP and ";" not in step and _TEXT.fullmatch(step) is not None
