"""The reference client over TLS."""

from __future__ import annotations

from fake_servers.journal import ConnectionOpened, RequestReceived
from harness.client.reference import ReferenceClient
from harness.runner.run import run
from harness.scenario.load import read_scenario

PAGE = """
about: a page that is completed while the client asks again and again, over TLS
operation: license_acquisition
world: {tls: true}
given: {silent: false}
user: [{when: page_needed, do: complete_page, after: 20 s}]
expect: {outcome: succeeded}
"""


def test_a_connection_over_tls_is_used_again() -> None:
    scenario = read_scenario(PAGE)
    played = run(scenario, ReferenceClient, client_name="reference", adapter="python", network="simulated")
    requests = [entry for entry in played.trace.entries if isinstance(entry.what, RequestReceived)]
    connections = [entry for entry in played.trace.entries if isinstance(entry.what, ConnectionOpened)]
    assert len(requests) > 3
    assert len(connections) == 1
