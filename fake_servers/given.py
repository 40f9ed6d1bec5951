"""How the world stands when a session begins: what the store already knows and what the device already holds."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Given(BaseModel):
    """The state before the first request. Contents are plain names (``film``); keys are made from them, for tests only.

    Attributes:
        individualized: The device has its individualized component.
        client_version: The version the device has, if ``individualized``. The service hands out this one, or
            ``required_version`` if that is higher.
        required_version: The version the license service asks for; higher than the device's means individualize first.
        content: What a license is acquired for.
        also: Further contents whose licenses are needed at the same moment: the keys of each track, or of the next period.
        url_trust: Signature state of the license URL in the content's header.
        silent: The license service grants without a page that the user completes.
        licenses: Contents whose licenses the device holds.
        restricted: Those of ``licenses`` (or of ``backup``) whose issuer withholds the backup right.
        revoked: Contents whose licenses the issuer wants removed (license_revocation); all of ``licenses`` if empty.
        backup: Contents in the backup that exists already; none exists if absent.
        vault: Backups go over the network to our vault, rather than to a local folder.
        computer: Identity of the computer the client runs on.
        restored_to: Computers that the backup was restored to before.
        restore_limit: Restores to different computers that the service allows for a license.
        unrestorable: Contents of the backup that the service cannot reissue, so that a restore stays partial.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    individualized: bool = True
    client_version: str = "2.2"
    required_version: str = "2.2"
    content: str = "film"
    also: tuple[str, ...] = ()
    url_trust: Literal["trusted", "untrusted", "tampered"] = "trusted"
    silent: bool = True
    licenses: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()
    revoked: tuple[str, ...] = ()
    backup: tuple[str, ...] | None = None
    vault: bool = False
    computer: str = "computer-1"
    restored_to: tuple[str, ...] = ()
    restore_limit: int = Field(default=3, ge=0)
    unrestorable: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """What licenses are acquired for, each content once."""
        return tuple(dict.fromkeys((self.content, *self.also)))
