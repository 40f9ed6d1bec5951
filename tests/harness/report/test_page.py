"""The page as text: what stands on it, that it loads nothing, and that nothing from elsewhere becomes markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from harness.report.page import HeatMap, html_page
from harness.report.page.glyphs import SIGNS
from harness.report.results import NotRun, UnexpectedPass
from harness.trace.entry import LANES
from tests.harness.checks.trace_builder import says, trace_of
from tests.harness.report.results import (
    LEFT_OPEN,
    ORDER,
    PACE,
    TRUTH,
    entry_saying,
    failed,
    passed,
    played,
    report,
    silent,
    tunnels,
    unclear,
)

VOID = {"meta", "link", "br", "input", "img", "hr", "wbr", "path", "line", "circle", "rect", "use"}


class Elements(HTMLParser):
    """Every element with its attributes, and the text of the page; elements must close in the order in which they opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, **having: str) -> list[dict[str, str | None]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and all(value in (attributes.get(key) or "").split() for key, value in having.items())
        ]


def page_of(*results: object, **rest: object) -> Elements:
    return Elements(html_page(report(*results, **rest)))  # type: ignore[arg-type]  # results, and the fields of a report


def words(text: str) -> str:
    return " ".join(text.split())


def test_each_cell_has_the_worst_word_of_its_client_and_leads_to_the_first_run_that_shows_it() -> None:
    page = page_of(
        played(tunnels(), passed(TRUTH), silent(ORDER), client="careful"),
        played(tunnels(), passed(TRUTH), client="careless"),
        played(tunnels(), failed(TRUTH), failed(PACE), unclear(LEFT_OPEN), client="careless", scenario="b"),
    )
    cells = {
        (cell["data-check"], cell["data-client"]): (cell["class"], cell["href"]) for cell in page.all("a", **{"class": "cell"})
    }
    assert cells == {
        (TRUTH.id, "0"): ("cell ok", "#run-1"),
        (TRUTH.id, "1"): ("cell failed", "#run-3"),
        (PACE.id, "1"): ("cell should", "#run-3"),
        (LEFT_OPEN.id, "1"): ("cell doubt", "#run-3"),
    }
    assert "✕ failed 1 of 2" in words(page.text)
    assert "– not judged" in words(page.text)


def test_a_broken_rule_and_its_proof_link_to_each_other() -> None:
    trace = tunnels()
    proof = entry_saying(trace, "succeeded")
    page = page_of(played(trace, failed(TRUTH, proof)))
    anchor = f"run-1-entry-{proof}"
    assert [row["class"] for row in page.all("li", id=anchor)] == ["client marked"]
    assert len(page.all("a", href=f"#{anchor}")) == 1
    assert len(page.all("a", href="#run-1-broken-1")) == 1
    assert len(page.all("div", id="run-1-broken-1")) == 1


def test_every_link_leads_somewhere_on_the_page_and_every_id_stands_once() -> None:
    page = page_of(played(tunnels(), failed(TRUTH, 2, 9), passed(ORDER)), played(tunnels(), unclear(PACE)))
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    links = {attributes["href"] for name, attributes in page.elements if name in ("a", "use")}
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in links if link} - set(ids) == set()


def test_the_page_names_nothing_that_a_browser_would_fetch_and_has_a_policy_that_forbids_it() -> None:
    text = html_page(report(played(tunnels(), failed(TRUTH))))
    policy = Elements(text).all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert re.findall(r"""(?:src|action|poster|srcset|xlink:href)\s*=|href="[^#]|url\([^#]|@import""", text) == []
    assert re.findall(r"<[^>]+\son\w+=|<[^>]+\sstyle=", text) == []


def test_faults_and_the_sentences_that_users_read_stand_in_the_timeline() -> None:
    page = page_of(played(trace_of("start", says("started", text="Getting the license."), "asks license"), passed(ORDER)))
    assert "started Getting the license." in words(page.text)
    faulty = page_of(played(tunnels(), passed(ORDER)))
    assert len(faulty.all("use", href="#sign-fault")) == 2


def test_every_kind_of_entry_has_a_sign_that_the_page_draws() -> None:
    assert set(SIGNS) == set(LANES)
    page = page_of(played(tunnels(), passed(ORDER)))
    drawn = {attributes["id"] for attributes in page.all("symbol")}
    simple = {f"sign-{sign}" for sign in SIGNS.values() if isinstance(sign, str)}
    assert (
        simple | {f"sign-{name}" for name in ("say", "settle", "answer", "cut", "silence", "close-client", "close-server")}
        <= drawn
    )


def test_what_was_not_run_and_what_was_not_expected_is_told() -> None:
    page = page_of(
        played(tunnels(), failed(TRUTH), expected={TRUTH.id: "TICKET-1"}, invented=("license",)),
        not_applicable=(NotRun("b", "my-player", "not in its profile"),),
        errors=(NotRun("c", "my-player", "a port is taken", is_error=True),),
        unexpected=(UnexpectedPass(ORDER.id, "*", ("my-player",), "known.yaml:2:5"),),
        interrupted=True,
    )
    told = words(page.text)
    for text in (
        "not in its profile",
        "a port is taken",
        "known.yaml:2:5",
        "TICKET-1",
        "wire format of our own: license",
        "interrupted",
    ):
        assert text in told


def test_a_report_without_runs_shows_its_coverage() -> None:
    counts = {("drip", "receiving"): 40, ("reset", "receiving"): 1}
    met = HeatMap(
        "Faults × phases",
        "How often.",
        "fault",
        "phase",
        ["drip", "reset"],
        ["receiving", "idle"],
        counts,
        frozenset({("drip", "idle")}),
    )
    page = Elements(html_page(report(), [met]))
    shades = [cell["class"] for cell in page.all("td")]
    assert shades == ["shade-5", "impossible", "shade-1", "shade-0"]
    assert "2 of 3 met" in words(page.text)


@pytest.mark.parametrize("most", [0, 1, 2, 1000])
def test_more_is_never_shown_paler_and_anything_at_all_is_told_from_nothing(most: int) -> None:
    counts = {("r", str(n)): n for n in range(1, most + 1)}
    columns = [str(n) for n in range(most + 1)]
    met = HeatMap("t", "a", "d", "c", ["r"], columns, counts)
    shades = [met.shade("r", column) for column in columns]
    assert shades == sorted(shades)
    assert shades[0] == 0
    assert 0 not in shades[1:]
    assert max(shades[1:], default=5) == 5


def test_the_same_report_always_gives_the_same_page() -> None:
    result = played(tunnels(), failed(TRUTH, 3), passed(ORDER))
    assert html_page(report(result)) == html_page(report(result))
