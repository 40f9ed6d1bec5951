"""A stranger's tool tries the control API: schemathesis, made for APIs that describe themselves, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.fake_servers.control.days import day_with

TOKEN = "a-token-of-a-test"
SCHEMATHESIS = Path(sysconfig.get_path("scripts")) / "schemathesis"

# How much is tried, and for how long: in CI, and by whoever sets CI=true, more of the same.
EXAMPLES, SECONDS, AT_LEAST = (5, 25, 300) if os.environ.get("CI") == "true" else (1, 5, 10)

# 422 is how a well-formed request is refused that asks for what cannot be: a fault at the 0th request, say.
SETTINGS = """\
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "404", "409", "422"]
"""


def test_schemathesis_finds_nothing_to_object_to(tmp_path: Path) -> None:
    """Hundreds of calls, good and bad, within a token's reach; the stream never ends, so it has tests of its own."""
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS)

    async def main() -> None:
        async with day_with(token=TOKEN) as (day, caller):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, SCHEMATHESIS, "--config-file", settings, "--no-color", "run"),
                *(f"{day.control_url}/v1/openapi.json", "--header", f"Authorization: Bearer {TOKEN}"),
                *("--exclude-path", "/v1/events", "--max-examples", f"{EXAMPLES}", "--max-time", f"{SECONDS}", "--seed", "1"),
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            try:
                out, _ = await asyncio.wait_for(process.communicate(), 90 + SECONDS)
            finally:
                if process.returncode is None:
                    process.kill()
            assert process.returncode == 0, out.decode()
            generated = re.search(r"(\d+) generated", out.decode())
            assert generated is not None, out.decode()
            assert int(generated[1]) > AT_LEAST
            caller.headers["Authorization"] = f"Bearer {TOKEN}"
            await caller.said("GET", "/v1/health/ready")

    asyncio.run(main())
