"""Which hosts cannot hear which: the cuts in a simulated network."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

Cut: TypeAlias = tuple[str | None, str | None]

NAME_SERVER = "the name server"


class Partitions:
    """Cuts between addresses; None stands for everybody, the name server included. What was cut twice is healed twice."""

    def __init__(self) -> None:
        self._cuts: Counter[Cut] = Counter()

    def __bool__(self) -> bool:
        """Whether anything was ever cut."""
        return bool(self._cuts)

    def cut(self, a: str, b: str | None, *, one_way: bool) -> None:
        """From now on nothing gets from ``a`` to ``b``, and unless ``one_way``, nor back."""
        self._cuts.update(_cuts(a, b, one_way=one_way))

    def heal(self, a: str, b: str | None, *, one_way: bool) -> None:
        """Undo a cut.

        Raises:
            ValueError: There is none.
        """
        cuts = _cuts(a, b, one_way=one_way)
        missing = [cut for cut in cuts if not self._cuts[cut]]
        if missing:
            ((source, target), *_) = missing
            raise ValueError(
                f"nothing is cut from {source or 'everybody'} to {target or 'everybody'}: heal() undoes one partition()"
            )
        self._cuts.subtract(cuts)

    def separates(self, source: str, target: str) -> bool:
        """Whether ``target`` cannot hear ``source``. A host that is cut off from everybody still hears itself."""
        cuts = self._cuts
        from_everybody = cuts[source, None] or cuts[None, target]
        return bool(cuts[source, target] or (from_everybody and source != target))


def _cuts(a: str | None, b: str | None, *, one_way: bool) -> list[Cut]:
    return [(a, b)] if one_way else [(a, b), (b, a)]
