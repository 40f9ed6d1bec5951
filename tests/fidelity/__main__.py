"""``python -m tests.fidelity`` measures every fault and every peer for ``docs/fidelity.md``: two minutes, curl, npm, Java."""

from __future__ import annotations

from tests.fidelity.page import TARGET, fidelity_page

if __name__ == "__main__":
    TARGET.write_text(fidelity_page(), encoding="utf-8")
    print(f"wrote docs/{TARGET.name}")
