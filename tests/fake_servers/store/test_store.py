"""The truth as one can read it: plain, sorted, the same for the same seed."""

import json

from fake_servers.given import Given
from fake_servers.services.deciding import complete_page
from fake_servers.services.decision import Exchange
from tests.fake_servers.services.services import Services


def lived(seed: int) -> Services:
    """A store that has seen one of everything."""
    services = Services(Given(silent=False, licenses=("b", "a"), backup=("z", "y"), restored_to=("c-2", "c-1")), seed=seed)
    for device in ("two", "one"):
        services.ask(Exchange.INDIVIDUALIZATION, device=device, idempotency_key="i")
        page = services.ask(Exchange.LICENSE, device=device, contents=("film",), nonce="1")
        complete_page(services.store, page.url.removeprefix("http://pages/"))
        services.ask(Exchange.MONITOR, device=device, contents=("film",), nonce="2")
        order = services.ask(Exchange.REVOCATION, device=device, contents=("a",))
        services.ask(Exchange.ACKNOWLEDGEMENT, device=device, receipt=order.receipt)
        services.ask(Exchange.RELEASE, device=device, contents=("film",))
        services.ask(Exchange.BACKUP, device=device, licenses=("b",), idempotency_key="b")
        services.ask(Exchange.RESTORE, device=device, computer=f"of {device}", licenses=("y",), idempotency_key="r")
    return services


def test_the_truth_is_plain_sorted_data_and_the_same_for_the_same_seed() -> None:
    first, again, other = (lived(seed).store.truth() for seed in (7, 7, 8))
    assert json.loads(json.dumps(first)) == first
    assert json.dumps(first) == json.dumps(again)
    assert list(first["devices"]) == ["one", "two"]
    assert first["restored_to"]["y"] == ["c-1", "c-2", "of two"]  # the limit is 3
    assert set(first["pages"]) != set(other["pages"])


def test_the_truth_tells_what_happened_to_a_device() -> None:
    truth = lived(7).store.truth()
    assert truth["devices"]["one"] == {
        "version": "2.2",
        "handed_out": 1,
        "handed_out_today": 1,
        "rights": {"a": "removed", "b": "held", "film": "released"},
        "issued": {"film": 1},
    }
    assert [page["completed"] for page in truth["pages"].values()] == [True, True]
    assert [removal["acknowledged"] for removal in truth["removals"].values()] == [True, True]
    assert truth["backups"] == {"one": ["b"], "two": ["b"]}
    assert truth["backup_given"] == ["y", "z"]


def test_the_truth_begins_as_the_given_says() -> None:
    services = Services(Given(licenses=("a",), backup=("a",), restored_to=("c-1",)))
    assert services.store.truth() == {
        "devices": {},
        "pages": {},
        "removals": {},
        "backup_given": ["a"],
        "backups": {},
        "restored_to": {"a": ["c-1"]},
        "idempotency_keys": [],
        "nonces": [],
    }


def test_every_change_is_announced_as_json_can_hold_it() -> None:
    changes = lived(7).changes
    assert json.loads(json.dumps([data for _, _, data in changes])) == [data for _, _, data in changes]
    assert {(service, what) for service, what, _ in changes} == {
        ("individualization", "individualized"),
        ("license", "page_opened"),
        ("license", "page_completed"),
        ("license", "license_issued"),
        ("revocation", "revocation_ordered"),
        ("revocation", "revocation_acknowledged"),
        ("revocation", "license_released"),
        ("backup", "backup_stored"),
        ("backup", "license_restored"),
    }
