"""Nothing to be made of it."""

from collections.abc import Callable
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest


@fault("backup_corrupt")
class BackupCorrupt(ServiceFault):
    """The service cannot read the backup that it is to restore.

    Nothing was reissued and the count stays as it was. The same backup is no better the next time.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.RESTORE})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(answer=Answer.BACKUP_CORRUPT, nonce=request.nonce, text="This backup is damaged; use another one.")

    def presents_as(self) -> Presentation:
        return Presentation.BACKUP_CORRUPT
