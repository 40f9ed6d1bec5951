"""A set-up for a client in tests, with everything that the client says kept in one list, in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from fake_servers.content_keys import key_check
from harness.adapters.protocol import Setup
from harness.scenario.model import Settings
from harness.status.message import StatusMessage
from harness.trace.entry import ClientNoted, OutcomeClaimed, Seen


@dataclass
class Heard:
    """What a client said: status messages and entries, in the order of arrival."""

    everything: list[StatusMessage | Seen] = field(default_factory=list)

    @property
    def statuses(self) -> list[StatusMessage]:
        return [said for said in self.everything if isinstance(said, StatusMessage)]

    @property
    def phases(self) -> list[str]:
        return [status.phase.value for status in self.statuses]

    @property
    def outcomes(self) -> list[str]:
        return [said.outcome for said in self.everything if isinstance(said, OutcomeClaimed)]

    def notes(self, what: str = "") -> list[str]:
        """Texts of the notes of one kind; of all kinds, each with its kind, if none is given."""
        noted = [said for said in self.everything if isinstance(said, ClientNoted)]
        return [n.text for n in noted if n.what == what] if what else [f"{n.what}: {n.text}" for n in noted]


def setup_for(heard: Heard, state_dir: Path | str = "", **changes: Any) -> Setup:
    """A world in which a license for ``film`` can be acquired in the Clear Key dialect."""
    setup = Setup(
        dialect="clearkey",
        endpoints={"license": "http://127.0.0.1:9/license"},
        ca_file=None,
        state_dir=str(state_dir),
        device="device-1",
        computer="computer-1",
        client_version="2.2",
        holds={},
        restricted=(),
        content="film",
        key_check=key_check("film"),
        url_trust="trusted",
        revoked=(),
        backup=None,
        vault=False,
        settings=Settings(),
        report=heard.everything.append,
        note=heard.everything.append,
        epoch_s=lambda: 1_767_225_600.0,  # 2026-01-01
        rng=Random(7),
    )
    return replace(setup, **changes)
