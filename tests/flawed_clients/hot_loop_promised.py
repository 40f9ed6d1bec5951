"""Promises twenty tries without a pause, and keeps the promise."""

from __future__ import annotations

from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    profile = ReferenceClient.profile.model_copy(
        update={"name": "hot_loop_promised", "retry": RetryPolicy(attempts=20, base=0.0, cap=0.0)}
    )
