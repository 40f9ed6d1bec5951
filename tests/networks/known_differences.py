"""Where the networks are known to differ, and why that is no fault of either. Anything else that differs fails a test.

So does an entry here that no longer differs: what is explained and gone is a claim that nobody checks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Known:
    """One explained difference.

    Attributes:
        subject: The scenario or the case that shows it; ``*`` stands for any text.
        begins: How the difference begins, as a test tells it.
        because: Why it is so, and what follows.
    """

    subject: str
    begins: str
    because: str

    def explains(self, subject: str, difference: str) -> bool:
        """Whether it is about this difference."""
        return fnmatchcase(subject, self.subject) and difference.startswith(self.begins)


IN_SCENARIOS = (
    Known(
        "*",
        "verdict RETRY-013: pass simulated, not applicable on loopback",
        "Whether a client tries again too late is judged in virtual time only: on real sockets a busy machine may hold it up.",
    ),
    Known(
        "*",
        "verdict RETRY-018: pass simulated, not applicable on loopback",
        "A policy is read off the wire in virtual time only: a busy machine lengthens pauses on real sockets, unseen.",
    ),
    Known(
        "license_acquisition/nobody_listens",
        "verdict RETRY-005: pass simulated, not applicable on loopback",
        "A kernel tells nobody whom a closed port refused, so on real sockets attempts without a request cannot be counted.",
    ),
    Known(
        "license_acquisition/endless_body",
        "connection 1 lane, entry 4: connection_closed by=client connection=1 how=fin",
        "The client leaves in the middle of eight megabytes. A kernel's buffers then hold bytes that it has not read, and it "
        "resets the connection (RFC 2525, 2.17). A simulated connection carries 64 KB at a time, all of them read by then; the "
        "reset comes only with the next piece, after the FIN.",
    ),
)

IN_FAULTS: tuple[Known, ...] = ()


def unexplained(known: Iterable[Known], found: Iterable[tuple[str, str]]) -> list[str]:
    """``subject: difference`` of all that nothing explains."""
    entries = tuple(known)
    return [f"{subject}: {text}" for subject, text in found if not any(entry.explains(subject, text) for entry in entries)]


def vanished(known: Iterable[Known], found: Iterable[tuple[str, str]]) -> list[str]:
    """What is explained here and was not seen; delete it."""
    seen = tuple(found)
    return [
        f"{entry.subject}: {entry.begins}"
        for entry in known
        if not any(entry.explains(subject, text) for subject, text in seen)
    ]
