"""A store with its services around it, for tests: what was announced, and a shorthand for asking."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from fake_servers.given import Given
from fake_servers.services.deciding import decide
from fake_servers.services.decision import Decision, Exchange, ServiceRequest
from fake_servers.state.store import FiledStore
from fake_servers.store import Store
from tests.fake_servers.both_stores import make_stores, new_name

DAY_S = 86_400.0


@dataclass
class SetClock:
    """A date that a test moves by hand."""

    now_s: float = 20_000 * DAY_S

    def epoch_s(self) -> float:
        return self.now_s


@dataclass
class Services:
    given: Given = field(default_factory=Given)
    clock: SetClock = field(default_factory=SetClock)
    seed: int = 7
    changes: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stores, self._name = make_stores(), new_name()
        self.store = self._begin()

    def _begin(self) -> Store:
        return self._stores.begin(
            self._name,
            self.given,
            clock=self.clock,
            rng=Random(self.seed),
            on_change=lambda service, what, data: self.changes.append((service, what, data)),
            anew=False,
        )

    def ask(self, exchange: Exchange, **request: Any) -> Decision:
        """A decision for ``device-1`` with version 2.2, unless told otherwise."""
        asked = {"device": "device-1", "client_version": "2.2", **request}
        decision = decide(
            self.store, ServiceRequest(exchange=exchange, **asked), page_url=lambda token: f"http://pages/{token}"
        )
        if isinstance(self.store, FiledStore):  # what was answered is in the file: it is all that the next server has
            before, self.store = self.store, self._begin()
            assert self.store.truth() == before.truth()
        return decision

    @property
    def happened(self) -> list[str]:
        return [what for _, what, _ in self.changes]
