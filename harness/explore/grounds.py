"""Where a search takes place: the situations of each operation, and what can be special about them.

A third party registers its own under the entry point ``drm_harness.grounds``; from then on every search goes there, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fake_servers.given import Given
from fake_servers.registry import Registry
from fake_servers.services.decision import Exchange
from harness.scenario.consistency import phases_of
from harness.scenario.model import Do, Moment, Settings, UserAction, WorldSettings
from harness.status.operation import Operation
from harness.status.phase import Phase

RETRIES = 2
"""How often the user takes up an offer to try again."""

ANSWERS = (
    UserAction(when=Phase.CONSENT_NEEDED, do=Do.CONSENT, times=RETRIES + 1),
    UserAction(when=Phase.OVERWRITE_NEEDED, do=Do.OVERWRITE, times=RETRIES + 1),
    UserAction(when=Phase.PAGE_NEEDED, do=Do.COMPLETE_PAGE, after=1.0, times=RETRIES + 1),
)
"""What a willing user answers. To each question, as often as it can come up."""

LONGER_THAN_ANY_PAGE_S = 2_400.0
"""Beyond the half hour after which a page that nobody has touched is abandoned (ACQUIRE-004)."""

TRIES_AGAIN = UserAction(when=Moment.RETRY_OFFERED, do=Do.RETRY, after=2.0, times=RETRIES)


@dataclass(frozen=True, slots=True)
class Twist:
    """What is special this time, as changes to the ground's ``given`` and the application's settings."""

    name: str
    given: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.name)


AS_USUAL = Twist("as usual")


@dataclass(frozen=True, slots=True)
class Ground:
    """A situation in which an operation makes these exchanges, in this order of first requests.

    Attributes:
        twists: What may be special about it.
        limit_s: How long it is watched at most.
    """

    name: str
    operation: Operation
    exchanges: tuple[Exchange, ...]
    given: Given
    twists: tuple[Twist, ...] = ()
    dialect: str = "wmdrm"
    limit_s: float = WorldSettings().limit

    @property
    def user(self) -> tuple[UserAction, ...]:
        """What a willing user answers to whatever the operation can ask."""
        asked = phases_of(self.operation)
        return tuple(answer for answer in ANSWERS if answer.when in asked)

    def given_with(self, twist: Twist) -> Given:
        """How the world stands at the beginning."""
        return Given.model_validate({**self.given.model_dump(), **twist.given})

    def settings_with(self, twist: Twist) -> Settings:
        """What the application asks for."""
        return Settings.model_validate(twist.settings)


GROUNDS: Registry[Ground] = Registry("ground", entry_point_group="drm_harness.grounds")
"""Each exchange of each operation is made in one of them."""


def ground(
    name: str,
    operation: Operation,
    exchanges: tuple[Exchange, ...],
    given: Given,
    twists: tuple[Twist, ...] = (),
    *,
    dialect: str = "wmdrm",
    limit_s: float = WorldSettings().limit,
) -> Ground:
    """Register a ground.

    Raises:
        RegistrationError: The name is taken.
    """
    return GROUNDS.add(name, Ground(name, operation, exchanges, given, twists, dialect, limit_s))


_E, _O, _T = Exchange, Operation, Twist

_NO_DRM = _T("DRM is absent", settings={"supported": False})
_UNSIGNED = _T("unsigned address", given={"url_trust": "untrusted"})
_TAMPERED = _T("tampered address", given={"url_trust": "tampered"})
_RENEWAL = _T("renewal", given={"licenses": ("film",)})
_BACKUP_THERE = _T("a backup is there already", given={"backup": ("film",)})
_OVERWRITE = _T("overwriting agreed to", given={"backup": ("film",)}, settings={"overwrite": True})
_RESTRICTED = _T("one may not leave", given={"restricted": ("trailer",)})
_ONE_MORE = _T("one computer left", given={"restored_to": ("computer-8", "computer-9")})
_TOO_MANY = _T("one computer too many", given={"restored_to": ("computer-7", "computer-8", "computer-9")})
_PARTIAL = _T("not all can come back", given={"unrestorable": ("trailer",)})
_ANNOUNCED = _T("begin announced first", settings={"restore_order": "begin_first"})
_CONSENTED = _T("consented beforehand", settings={"individualize_consented": True})

# fmt: off
ground("consented", _O.INDIVIDUALIZATION, (_E.INDIVIDUALIZATION,), Given(individualized=False), (_NO_DRM,))
ground("silent", _O.LICENSE_ACQUISITION, (_E.LICENSE,), Given(), (_RENEWAL, _UNSIGNED, _TAMPERED, _NO_DRM))
ground("with a page", _O.LICENSE_ACQUISITION, (_E.LICENSE, _E.MONITOR), Given(silent=False), (_UNSIGNED,),
       limit_s=LONGER_THAN_ANY_PAGE_S)
ground("individualized on the way", _O.LICENSE_ACQUISITION, (_E.LICENSE, _E.INDIVIDUALIZATION), Given(client_version="2.1"),
       (_RENEWAL, _CONSENTED))
ground("by order", _O.LICENSE_REVOCATION, (_E.REVOCATION, _E.ACKNOWLEDGEMENT), Given(licenses=("film", "trailer")),
       (_T("one of two", given={"revoked": ("film",)}), _NO_DRM))
ground("by release", _O.LICENSE_REVOCATION, (_E.RELEASE,), Given(licenses=("film",)), dialect="clearkey")
ground("to the vault", _O.LICENSE_BACKUP, (_E.BACKUP,), Given(licenses=("film", "trailer"), vault=True),
       (_RESTRICTED, _BACKUP_THERE, _OVERWRITE))
ground("to a folder", _O.LICENSE_BACKUP, (), Given(licenses=("film", "trailer")),
       (_RESTRICTED, _BACKUP_THERE, _OVERWRITE, _NO_DRM))
ground("to the same computer", _O.LICENSE_RESTORE, (_E.RESTORE,), Given(backup=("film", "trailer")),
       (_ONE_MORE, _TOO_MANY, _PARTIAL, _ANNOUNCED, _NO_DRM))
ground("to a new computer", _O.LICENSE_RESTORE, (_E.RESTORE, _E.INDIVIDUALIZATION),
       Given(individualized=False, backup=("film", "trailer")), (_CONSENTED, _ANNOUNCED))
# fmt: on
