"""What a device holds: licenses, its individualized component, a backup, and a receipt it still owes the service."""

from __future__ import annotations

from harness.client.effects import Keep


class Shelf:
    """The device's storage, in memory. A change is applied wholly, or, while ``full``, not at all."""

    def __init__(
        self,
        *,
        licenses: dict[str, bytes] | None = None,
        component: str = "",
        backup: tuple[str, ...] | None = None,
    ) -> None:
        self.licenses = dict(licenses or {})
        self.component = component
        self.backup = backup
        self.owed = ""
        self.full = False

    def apply(self, change: Keep) -> bool:
        """Make the change; False if nothing could be stored."""
        if self.full:
            return False
        self.licenses.update(change.put)
        for content in change.drop:
            self.licenses.pop(content, None)
        if change.component is not None:
            self.component = change.component
        if change.owe is not None:
            self.owed = change.owe
        if change.backup is not None:
            self.backup = change.backup
        return True
