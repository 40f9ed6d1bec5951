"""What nobody may guess. Nothing that lands in a trace is drawn here."""

from __future__ import annotations

import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """A token: 43 characters that can stand in a header and in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)
