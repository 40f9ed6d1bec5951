"""A harness that is about to be interrupted: ``tidy`` shuts its client down whatever happens, ``untidy`` never does."""

import asyncio
import sys

from harness.adapters.stdio import StdioClient
from tests.harness.adapters.given_setup import Heard, setup_for
from tests.harness.adapters.stdio_session import ACQUIRE, program


async def main(how: str, folder: str) -> None:
    client = StdioClient(program("bad_clients.forks_daemon"))
    await client.initialize(setup_for(Heard(), folder))
    try:
        await client.start(ACQUIRE)
        print("running", flush=True)
        await asyncio.Event().wait()
    finally:
        if how == "tidy":
            await client.shutdown()


asyncio.run(main(sys.argv[1], sys.argv[2]))
