"""Says nothing until it has warmed up."""

from __future__ import annotations

import asyncio

from harness.client.reference import ReferenceClient
from harness.status.operation import Operation

WARM_UP_S = 3.0


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    profile = ReferenceClient.profile.model_copy(update={"name": "late_first_word"})

    async def start(self, operation: Operation) -> None:
        await asyncio.sleep(WARM_UP_S)
        await super().start(operation)
