"""The truth: what the services know to have happened, whatever a client was told of it.

Every change goes through one small method here and is announced by it, once; a repetition that changes nothing announces
nothing. No method decides whether something is allowed: that is the services' part. A device, and what it holds, is known from
the first time it is asked about, and begins as the ``Given`` says.

All that one request changes is changed within ``with store:``. In memory that means nothing. A store in a file
(``fake_servers.state``) writes it there as one transaction before the block ends, so that no answer leaves which the file does
not know of.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Container
from dataclasses import replace
from functools import lru_cache
from random import Random
from types import TracebackType
from typing import Any, Self

from fake_servers.clock import Clock
from fake_servers.content_keys import content_key, key_id_text
from fake_servers.given import Given
from fake_servers.records import Device, Kind, Page, Removal, Right, as_data
from fake_servers.services.decision import Decision, License, ServiceRequest

SECONDS_A_DAY = 86_400

MOST = 10_000
"""Of each kind of thing (devices, nonces, pages …) so many are remembered, for a server may be up all day."""

OnChange = Callable[[str, str, dict[str, Any]], None]
"""Told of each change: the service, what happened, and the names and counts of it as JSON can hold them."""


class Store:
    """The truth, in memory.

    Args:
        given: How things stand before the first request.
        clock: The date, for counts that go by the day.
        rng: For page tokens and receipts; seeded by the world.
        on_change: Called after each change.
        most: Things of each kind that are remembered; the oldest is forgotten for one more.

    Attributes:
        forgotten: Things that are not remembered any more.
    """

    def __init__(self, given: Given, *, clock: Clock, rng: Random, on_change: OnChange, most: int = MOST) -> None:
        self.given = given
        self._clock = clock
        self._rng = rng
        self._changed = on_change
        self._most = most
        self.forgotten = 0
        self._devices: OrderedDict[str, Device] = OrderedDict()
        self._nonces: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._kept: OrderedDict[tuple[str, str], tuple[ServiceRequest, Decision]] = OrderedDict()
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._page_of: OrderedDict[tuple[str, tuple[str, ...]], str] = OrderedDict()
        self._removals: OrderedDict[str, Removal] = OrderedDict()
        self._removal_of: OrderedDict[tuple[str, tuple[str, ...]], str] = OrderedDict()
        self._backups: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._restored_to = {content: set(given.restored_to) for content in given.backup or ()}
        self._by_key_id = {key_id_text(content): content for content in (*given.wanted, *given.licenses, *(given.backup or ()))}
        # What depends on the request and the ``Given`` alone is worked out once for the requests that say the same.
        self.in_own_names = lru_cache(maxsize=64)(self._in_own_names)
        self.license_of = lru_cache(maxsize=64)(self._license_of)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """All of one request's changes are made.

        Raises:
            StateError: They cannot be kept, and were taken back.
        """

    def _touch(self, kind: Kind, key: Any) -> None:
        """Called before a record is added, changed or forgotten, for whoever keeps them elsewhere, too."""

    # ── contents and devices ────────────────────────────────────────────────────────────────────────────────────────

    def content_named(self, text: str) -> str:
        """The name of a known content that ``text`` names or whose key id it is; ``text`` itself for any other."""
        return self._by_key_id.get(key_id_text(text), text)

    def knows(self, content: str) -> bool:
        """Whether there is such a content at all."""
        return key_id_text(content) in self._by_key_id

    def _in_own_names(self, request: ServiceRequest) -> ServiceRequest:
        """The request with each content named once, and by name where its key id was given."""
        return replace(request, contents=self._named_once(request.contents), licenses=self._named_once(request.licenses))

    def _named_once(self, contents: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.content_named(content) for content in contents))

    def _license_of(self, content: str) -> License:
        """The content's license, with its test key."""
        return License(content=content, key=content_key(content), may_back_up=content not in self.given.restricted)

    def version_of(self, device: str) -> str:
        """The newest component that was handed out to the device, ``""`` if none."""
        return self._device(device).version

    def right_to(self, device: str, content: str) -> Right | None:
        """How the device stands to the content's license; None if it never had one."""
        return self._device(device).rights.get(content)

    def holds(self, device: str, content: str) -> bool:
        """Whether the device has the content's license now."""
        return self.right_to(device, content) is Right.HELD

    def _device(self, name: str) -> Device:
        if name not in self._devices:
            self._touch(Kind.DEVICE, name)
            version = self.given.client_version if self.given.individualized else ""
            self._devices[name] = Device(version, rights=dict.fromkeys(self.given.licenses, Right.HELD))
            self._bound(Kind.DEVICE, self._devices)
        return self._devices[name]

    def _device_to_change(self, name: str) -> Device:
        known = self._device(name)
        self._touch(Kind.DEVICE, name)
        return known

    # ── requests seen ───────────────────────────────────────────────────────────────────────────────────────────────

    def see_nonce(self, device: str, nonce: str) -> bool:
        """Remember the nonce; False if the device has sent it before."""
        is_fresh = (device, nonce) not in self._nonces
        if is_fresh:
            self._touch(Kind.NONCE, (device, nonce))
            self._nonces[device, nonce] = None
            self._bound(Kind.NONCE, self._nonces)
        return is_fresh

    def keep(self, request: ServiceRequest, decision: Decision) -> None:
        """Remember what was decided under the request's idempotency key."""
        key = request.device, request.idempotency_key
        self._touch(Kind.KEPT, key)
        self._kept[key] = (request, decision)
        self._bound(Kind.KEPT, self._kept)

    def kept(self, request: ServiceRequest) -> tuple[ServiceRequest, Decision] | None:
        """What the device asked and was told under the same idempotency key before."""
        return self._kept.get((request.device, request.idempotency_key))

    def told(self) -> tuple[tuple[ServiceRequest, Decision], ...]:
        """What would be decided again: each request that is remembered by its idempotency key, with the decision."""
        return tuple(self._kept.values())

    # ── individualization ───────────────────────────────────────────────────────────────────────────────────────────

    def individualize(self, device: str, version: str) -> None:
        """A component of this version is handed out to the device."""
        known, day = self._device_to_change(device), int(self._clock.epoch_s() // SECONDS_A_DAY)
        known.version = version
        known.handed_out += 1
        known.handed_out_today = known.handed_out_today + 1 if day == known.day else 1
        known.day = day
        self._changed(
            "individualization",
            "individualized",
            {
                "device": device,
                "version": version,
                "handed_out": known.handed_out,
                "handed_out_today": known.handed_out_today,
            },
        )

    # ── licenses and their pages ────────────────────────────────────────────────────────────────────────────────────

    def issue(self, device: str, content: str) -> License:
        """The device gets the content's license over the network."""
        known = self._device_to_change(device)
        known.rights[content] = Right.HELD
        known.issued[content] = known.issued.get(content, 0) + 1
        self._changed("license", "license_issued", {"device": device, "content": content, "issued": known.issued[content]})
        return self.license_of(content)

    def page_for(self, device: str, contents: tuple[str, ...]) -> Page:
        """The page that stands between the device and these contents; opened the first time."""
        if token := self._page_of.get((device, contents)):
            return self._pages[token]
        page = Page(self._new_token(self._pages), device, contents)
        self._touch(Kind.PAGE, page.token)
        self._pages[page.token], self._page_of[device, contents] = page, page.token
        self._bound(Kind.PAGE, self._pages, self._page_of)
        self._changed("license", "page_opened", {"device": device, "contents": list(contents), "token": page.token})
        return page

    def complete_page(self, token: str) -> bool:
        """The user completed the page; False if there is no such page. A second time changes nothing."""
        page = self._pages.get(token)
        if page is None:
            return False
        if not page.completed:
            self._touch(Kind.PAGE, token)
            self._pages[token] = replace(page, completed=True)
            data = {"device": page.device, "contents": list(page.contents), "token": token}
            self._changed("license", "page_completed", data)
        return True

    # ── revocation ──────────────────────────────────────────────────────────────────────────────────────────────────

    def order_removal(self, device: str, contents: tuple[str, ...]) -> Removal:
        """The order to remove these licenses from the device; the same one each time that it is asked for."""
        if receipt := self._removal_of.get((device, contents)):
            return self._removals[receipt]
        removal = Removal(self._new_token(self._removals), device, contents)
        self._touch(Kind.REMOVAL, removal.receipt)
        self._removals[removal.receipt], self._removal_of[device, contents] = removal, removal.receipt
        self._bound(Kind.REMOVAL, self._removals, self._removal_of)
        data = {"device": device, "contents": list(contents), "receipt": removal.receipt}
        self._changed("revocation", "revocation_ordered", data)
        return removal

    def acknowledge(self, device: str, receipt: str) -> Removal | None:
        """The device has carried the order out; None if it never got such an order. A second time changes nothing."""
        removal = self._removals.get(receipt)
        if removal is None or removal.device != device:
            return None
        if not removal.acknowledged:
            self._touch(Kind.REMOVAL, receipt)
            removal = self._removals[receipt] = replace(removal, acknowledged=True)
            self._device_to_change(device).rights.update(dict.fromkeys(removal.contents, Right.REMOVED))
            data = {"device": device, "contents": list(removal.contents), "receipt": receipt}
            self._changed("revocation", "revocation_acknowledged", data)
        return removal

    def release(self, device: str, content: str) -> None:
        """The device has destroyed its license. A second time changes nothing."""
        if self.holds(device, content):
            self._device_to_change(device).rights[content] = Right.RELEASED
            self._changed("revocation", "license_released", {"device": device, "content": content})

    # ── backup and restore ──────────────────────────────────────────────────────────────────────────────────────────

    def store_backup(self, device: str, contents: tuple[str, ...]) -> None:
        """The vault holds these licenses for the device, instead of what it held before."""
        self._touch(Kind.BACKUP, device)
        self._backups[device] = contents
        self._bound(Kind.BACKUP, self._backups)
        self._changed("backup", "backup_stored", {"device": device, "contents": list(contents)})

    def backup_of(self, device: str) -> tuple[str, ...]:
        """What the vault holds for the device; empty if nothing."""
        return self._backups.get(device, self.given.backup or ())

    def computers_of(self, content: str) -> frozenset[str]:
        """The computers that the content's license was restored to. Their number is the restore count."""
        return frozenset(self._restored_to.get(content, ()))

    def restore(self, device: str, content: str, computer: str) -> License:
        """The license is issued anew for the computer; one that was restored to before does not raise the count."""
        self._touch(Kind.RESTORED_TO, content)
        computers = self._restored_to.setdefault(content, set())
        computers.add(computer)
        self._device_to_change(device).rights[content] = Right.HELD
        data = {"device": device, "content": content, "computer": computer, "restores": len(computers)}
        self._changed("backup", "license_restored", data)
        return self.license_of(content)

    # ── the whole ───────────────────────────────────────────────────────────────────────────────────────────────────

    def truth(self) -> dict[str, Any]:
        """Everything as plain, sorted, JSON-able data. ``backup_given`` is every device's until it stores one of its own."""
        return {
            "devices": {name: as_data(device) for name, device in sorted(self._devices.items())},
            "pages": {token: as_data(page) for token, page in sorted(self._pages.items())},
            "removals": {receipt: as_data(removal) for receipt, removal in sorted(self._removals.items())},
            "backup_given": None if self.given.backup is None else sorted(self.given.backup),
            "backups": {name: sorted(held) for name, held in sorted(self._backups.items())},
            "restored_to": {content: sorted(computers) for content, computers in sorted(self._restored_to.items())},
            "idempotency_keys": [list(key) for key in sorted(self._kept)],
            "nonces": [list(nonce) for nonce in sorted(self._nonces)],
        }

    def _bound(self, kind: Kind, *remembered: OrderedDict[Any, Any]) -> None:
        """Forget the oldest if there are too many; what is given together, grew together."""
        if len(remembered[0]) > self._most:
            self._touch(kind, next(iter(remembered[0])))
            self.forgotten += 1
            for things in remembered:
                things.popitem(last=False)

    def _new_token(self, taken: Container[str]) -> str:
        """Names a page or a removal. A store that is taken up again draws from the beginning, so some may be taken."""
        while (token := f"{self._rng.getrandbits(64):016x}") in taken:
            pass
        return token
