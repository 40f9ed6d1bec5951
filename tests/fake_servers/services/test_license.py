"""License acquisition: what is granted, to whom, and what must happen first."""

from typing import Any

import pytest

from fake_servers.content_keys import check_of, content_key, key_check, key_id_text
from fake_servers.given import Given
from fake_servers.services.deciding import complete_page
from fake_servers.services.decision import Answer, Exchange, License
from tests.fake_servers.services.services import Services

LICENSE, MONITOR = Exchange.LICENSE, Exchange.MONITOR


def test_a_license_carries_the_key_that_the_content_was_made_with() -> None:
    decision = Services().ask(LICENSE, contents=("film",), nonce="1")
    assert decision.answer is Answer.GRANTED
    assert decision.licenses == (License(content="film", key=content_key("film")),)
    assert check_of(decision.licenses[0].key) == key_check("film")
    assert decision.nonce == "1"


@pytest.mark.parametrize("asked", [("film",), (key_id_text("film"),), ("film", key_id_text("film"))])
def test_a_content_may_be_asked_for_by_its_key_id(asked: tuple[str, ...]) -> None:
    services = Services()
    assert [granted.content for granted in services.ask(LICENSE, contents=asked).licenses] == ["film"]
    assert services.changes == [("license", "license_issued", {"device": "device-1", "content": "film", "issued": 1})]


def test_a_content_that_nobody_knows_is_denied_and_so_is_all_that_was_asked_with_it() -> None:
    services = Services()
    decision = services.ask(LICENSE, contents=("film", "p-YcNz4hkDPCEJH6YHvzuA"))
    assert decision.answer is Answer.DENIED
    assert "p-YcNz4hkDPCEJH6YHvzuA" in decision.text
    assert services.changes == []


@pytest.mark.parametrize(
    "given", [Given(content="a"), Given(licenses=("a",)), Given(backup=("a",))], ids=["content", "licenses", "backup"]
)
def test_a_content_is_known_from_any_part_of_the_given(given: Given) -> None:
    assert Services(given).ask(LICENSE, contents=("a",)).answer is Answer.GRANTED


def test_no_content_is_malformed() -> None:
    assert Services().ask(LICENSE).answer is Answer.MALFORMED


@pytest.mark.parametrize("exchange", [LICENSE, MONITOR])
def test_a_nonce_seen_before_is_stale_and_issues_nothing(exchange: Exchange) -> None:
    services = Services()
    services.ask(LICENSE, contents=("film",), nonce="1")
    assert services.ask(exchange, contents=("film",), nonce="1").answer is Answer.STALE_NONCE
    assert services.happened == ["license_issued"]


def test_another_device_may_have_drawn_the_same_nonce() -> None:
    services = Services()
    services.ask(LICENSE, contents=("film",), nonce="1")
    assert services.ask(LICENSE, device="device-2", contents=("film",), nonce="1").answer is Answer.GRANTED


def test_a_fresh_nonce_brings_the_license_again_and_the_count_says_so() -> None:
    services = Services()
    for nonce in "12":
        assert services.ask(LICENSE, contents=("film",), nonce=nonce).answer is Answer.GRANTED
    assert [data["issued"] for _, _, data in services.changes] == [1, 2]


@pytest.mark.parametrize(("individualized", "answer"), [(True, Answer.GRANTED), (False, Answer.NEEDS_INDIVIDUALIZATION)])
def test_without_a_device_name_the_given_alone_decides_about_individualization(individualized: bool, answer: Answer) -> None:
    anonymous: dict[str, Any] = {"device": "", "client_version": ""}
    assert Services(Given(individualized=individualized)).ask(LICENSE, contents=("film",), **anonymous).answer is answer


def test_a_restricted_license_says_that_it_may_not_be_backed_up() -> None:
    granted = Services(Given(content="a", restricted=("a",))).ask(LICENSE, contents=("a",)).licenses
    assert [license_.may_back_up for license_ in granted] == [False]


def test_through_a_page_the_license_comes_only_once_it_is_completed() -> None:
    services = Services(Given(silent=False))
    required = services.ask(LICENSE, contents=("film",), nonce="1")
    assert (required.answer, required.licenses) == (Answer.PAGE_REQUIRED, ())
    pending = services.ask(MONITOR, contents=("film",), nonce="2")
    assert (pending.answer, pending.url) == (Answer.PAGE_PENDING, required.url)
    assert complete_page(services.store, required.url.removeprefix("http://pages/"))
    assert services.ask(MONITOR, contents=("film",), nonce="3").answer is Answer.GRANTED
    assert services.happened == ["page_opened", "page_completed", "license_issued"]


def test_asking_again_opens_no_second_page_and_completing_again_changes_nothing() -> None:
    services = Services(Given(silent=False))
    urls = [services.ask(LICENSE, contents=("film",), silent=silent).url for silent in (True, False)]
    assert urls[0] == urls[1]
    token = urls[0].removeprefix("http://pages/")
    assert complete_page(services.store, token)
    assert complete_page(services.store, token)
    assert services.happened == ["page_opened", "page_completed"]


def test_a_page_is_for_its_device_and_contents_only() -> None:
    services = Services(Given(silent=False, licenses=("other",)))
    asked = [("device-1", ("film",)), ("device-2", ("film",)), ("device-1", ("other",))]
    urls = {services.ask(LICENSE, device=device, contents=contents).url for device, contents in asked}
    assert len(urls) == 3
    complete_page(services.store, urls.pop().removeprefix("http://pages/"))
    answers = [services.ask(MONITOR, device=device, contents=contents).answer for device, contents in asked]
    assert sorted(answers) == [Answer.GRANTED, Answer.PAGE_PENDING, Answer.PAGE_PENDING]


def test_no_page_has_an_unknown_token() -> None:
    assert not complete_page(Services(Given(silent=False)).store, "unheard of")
