"""Hypothesis strategies over the same decoder: for suites, and for shrinking by Hypothesis itself.

One draw of bytes an example, which costs a tenth of what drawing decision by decision does.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

import fake_servers.faults  # noqa: F401  # registers the house's faults
from harness.explore.decoder import decode, decoded, menu_for
from harness.explore.histories import History
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.status.operation import Operation

LONGEST = 48
"""More decisions than a history has, as a rule; where bytes end, plain choices follow."""


def histories(profile: Profile, operations: Sequence[Operation] = (), faults: Sequence[str] = ()) -> st.SearchStrategy[History]:
    """Histories that a client of this profile can meet; of these operations and faults only, if any are given.

    Raises:
        UnknownNameError: There is no such fault.
    """
    menu = menu_for(profile, operations, faults)
    return st.binary(max_size=LONGEST).map(lambda data: decode(menu, data))


def scenarios(
    profile: Profile, operations: Sequence[Operation] = (), faults: Sequence[str] = ()
) -> st.SearchStrategy[Scenario]:
    """The same as scenarios, ready to be played.

    Raises:
        UnknownNameError: There is no such fault.
    """
    menu = menu_for(profile, operations, faults)
    return st.binary(max_size=LONGEST).map(lambda data: decoded(menu, data))
