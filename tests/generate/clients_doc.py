"""Makes ``docs/examples/clients/README.md``: ``python -m tests.generate.clients_doc [--check]``.

The findings are those of each client's ``expected-failures.yaml``; tests/suite/test_example_clients.py shows them to be exact.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from harness.checks.registry import CHECKS
from tests.generate.page import page, table, write_or_check
from tests.suite.example_clients import EXAMPLE_CLIENTS, FOLDER, JUDGED, TAGS, ExampleClient

TARGET = FOLDER / "README.md"

INTRODUCTION = f"""\
# Clients in other languages

<!-- Made by `python -m tests.generate.clients_doc`; change that, or a client's expected-failures.yaml, instead. -->

Small license clients, to copy and to change: each is one file of no more than 150 lines, and leaves trying again to the
library that people use for it. The tests play each through {len(JUDGED)} acquisitions over Clear Key, those with a tag of
{" and ".join(TAGS)}, and fail if a check says anything that does not stand here, or no longer says what does."""

FINDINGS = """\
## What the checks say against them

These are the libraries' ways, at the versions that the tests install, with the settings that stand in the client. Most are a
line of code away from being good; they are left as they are, because that is how the library is found in the field."""

TEN_MINUTES = """\
## Yours in ten minutes

1. **Choose the way in.** A command that fetches one license and exits: `wire:`. A program: `stdio:`, JSON-RPC on standard input
   and output. Python with asyncio: `python:`, in process. All three: [client-protocol.md](../../client-protocol.md).
2. **Copy the client that is nearest to yours**, and put your own request in the place of its request. What a Clear Key service
   is asked, and what it answers, stands in [dialects.md](../../dialects.md#clearkey).
3. **Say what you do** (not with `wire:`) in the words of [statuses.md](../../statuses.md): `started` when told to start,
   `connecting` before the first request of a round, `retry_scheduled` before a pause, `retrying` after it, and at the end one
   of `succeeded`, `failed` and `cancelled`. A failure has a `reason`, and says by `retryable` whether the user may try again.
4. **Write down what you promise**: copy a `profile.yaml`, and leave out of `phases` what you do not report. What is not
   promised is not judged. A command has `phases: []`, and maps its exit statuses under `exits`.
5. **Run it**, and read the first failure from the top:

   ```
   drm-harness run license_acquisition/undisturbed --client 'stdio:node client.js' --profile profile.yaml -v
   drm-harness validate tag:smoke --client 'stdio:node client.js' --profile profile.yaml
   ```

6. **List what you cannot mend**, so that only news breaks your build: `--expected-failures expected-failures.yaml`.

If nothing seems to happen, look for `garbage` in the run with `-v`: a message that the protocol does not know is not taken,
and the note says why. Two of the clients here had such a mistake, and the harness found it in the scenario with a wrong
certificate: an exception with a member `reason` of its own, which went out as a reason that is not on the list; and a line that
handled an error and raised another, so that the user would have waited for ever."""


def text() -> str:
    """The whole page."""
    return page(INTRODUCTION, _clients(), _run(), FINDINGS, _findings(), TEN_MINUTES)


def _clients() -> str:
    return table(("client", "written with", "tries again by", "joins as", "findings"), map(_client, EXAMPLE_CLIENTS))


def _client(client: ExampleClient) -> tuple[str, ...]:
    link = f"[{client.name}]({client.name}/{client.file})"
    return (
        link,
        client.written_with,
        client.retries,
        f"`{client.command}`",
        str(len(client.known)) if client.known else "none",
    )


def _run() -> str:
    first = EXAMPLE_CLIENTS[0]
    known = "--profile profile.yaml --expected-failures expected-failures.yaml"
    return (
        "To repeat it, in the folder of a client (for Node after `npm install`):\n\n"
        f"    drm-harness validate {' '.join(f'tag:{tag}' for tag in TAGS)} --client '{first.command}' \\\n      {known}"
    )


def _findings() -> str:
    """Findings down, clients across."""
    head = ("check", "in", *(client.name for client in EXAMPLE_CLIENTS))
    return table(head, _rows())


def _rows() -> Iterator[tuple[str, ...]]:
    found = {(each.failure.check, each.failure.scenario) for client in EXAMPLE_CLIENTS for each in client.known}
    for check, scenario in sorted(found, key=lambda each: (list(CHECKS).index(each[0]), each[1])):
        cells = [_because(client, check, scenario) for client in EXAMPLE_CLIENTS]
        yield (f"{check}: {CHECKS[check].title}", f"`{scenario.rpartition('/')[2]}`", *cells)


def _because(client: ExampleClient, check: str, scenario: str) -> str:
    reasons = [
        each.failure.because for each in client.known if (each.failure.check, each.failure.scenario) == (check, scenario)
    ]
    return "; ".join(reasons) or "holds"


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, text(), "tests.generate.clients_doc", sys.argv[1:]))
