"""Each fault as a scenario would write it, by its own examples.

The reference of the documentation is made from these, and the tests that go over all faults use them.
"""

from typing import Any

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.faults.base import FAULTS, Fault, ServiceFault
from fake_servers.services.decision import Exchange

HOUSE = {name: cls for name, cls in FAULTS.items() if cls.__module__.startswith("fake_servers.")}
"""The faults of this project; others may have joined the registry."""

EXAMPLES: dict[str, tuple[dict[str, Any], ...]] = {name: cls.examples for name, cls in HOUSE.items()}


def usual_exchange(cls: type[Fault]) -> str:
    """The exchange on which examples show a fault: the license's, or the first one whose service decides so at all."""
    able = cls.exchanges if issubclass(cls, ServiceFault) else frozenset(Exchange)
    return Exchange.LICENSE.value if Exchange.LICENSE in able else next(each.value for each in Exchange if each in able)


def examples_of(name: str) -> list[Fault]:
    """The example faults of one name.

    Raises:
        KeyError: The fault has no example; add one to its class.
    """
    return [FAULTS[name].model_validate(parameters) for parameters in EXAMPLES[name]]
