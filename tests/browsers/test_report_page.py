"""The report's page in a real browser: hostile words stay words, and its filters, links, themes and print do what they say."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from harness.adapters.browser.chromium import Chromium
from harness.report.page import write_html
from harness.report.results import NotRun, Report, Result
from harness.trace.trace import Trace
from tests.harness.checks.trace_builder import says, trace_of
from tests.harness.report.results import ORDER, PACE, TRUTH, failed, passed, played, report, silent, tunnels, unclear

Page = Any
"""Playwright's, which is not there everywhere."""

SETS = "window.harmed=true"
HOSTILE = (
    f"<script>{SETS}</script>",
    f"</script><script>{SETS}</script>",
    f"</style></title><script>{SETS}</script>",
    f'"><img src=x onerror={SETS}>',
    f"' autofocus onfocus='{SETS}' x='",
    f'" onmouseover="{SETS}" style="position:fixed;inset:0',
    f"<svg onload={SETS}>",
    f"</text></svg><svg><animate onbegin={SETS} attributeName=x></svg>",
    f"<iframe srcdoc='<script>parent.{SETS}</script>'></iframe>",
    f"<a href=javascript:{SETS}>click</a>",
    f"javascript:{SETS}",
    "</details></section></main><h1>All rules held</h1>",
    "<!-- <!doctype html><base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "{{ 7 * 7 }}{% include 'page.html.jinja' %}${7*7}",
    "&lt;b&gt;&#x3c;script&#x3e;",
)
INVISIBLE = "\u202egnp.exe\u202c\u2066\u200b\u200e\x1b[31m\x07\x00\x85\u2028\ufeff"
UNWELCOME = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]")
ENORMOUS = "<b>" + "W" * 1_000_000


def named(result: Result, name: str) -> Result:
    """A result in which everything that comes from elsewhere is this text."""
    head = result.trace.head
    scenario = head.scenario.model_copy(update={"name": name, "about": name + " about it", "tags": (name, "train")})
    update = {"client": name, "adapter": name, "version": name, "invented": ("license", name), "scenario": scenario}
    trace = result.trace.model_copy(update={"head": head.model_copy(update=update)})
    return Result(trace, result.verdicts, {PACE.id: name}, name, name, rerun_after=name, why_real=name)


def saying(text: str) -> Trace:
    return trace_of(
        "start",
        says("started", text=text),
        says("page_needed", text=text, url=text),
        says("failed", text=text, retryable=False),
    )


def hostile_report() -> Report:
    results = [
        named(
            played(saying(text), failed(TRUTH, 1, 2, observed=text, expected=text), failed(PACE, 3), unclear(ORDER, text)), text
        )
        for text in (*HOSTILE, INVISIBLE, ENORMOUS)
    ]
    return report(*results, errors=tuple(NotRun(text, text, text, is_error=True) for text in HOSTILE))


def ordinary_report() -> Report:
    return report(
        played(tunnels(), passed(TRUTH), passed(ORDER), silent(PACE), client="careful", scenario="a/tunnels"),
        played(tunnels(), failed(TRUTH, 3, 9), passed(ORDER), client="careless", scenario="a/tunnels"),
        played(tunnels(), passed(TRUTH), unclear(ORDER), client="careless", scenario="b/hotel"),
        played(tunnels(), passed(TRUTH), failed(PACE, 4), client="careless", scenario="c/train"),
    )


class Seen:
    """What went on behind a page: complaints of the browser, and every address that it asked for."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.asked: list[str] = []


@asynccontextmanager
async def opened(chromium: Chromium, file: Path, **context: Any) -> AsyncIterator[tuple[Page, Seen]]:
    seen = Seen()
    context_ = await chromium.browser.new_context(offline=True, **{"viewport": {"width": 1200, "height": 800}, **context})
    try:
        page = await context_.new_page()
        page.on("console", lambda said: seen.complaints.append(said.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", lambda dialog: seen.complaints.append(dialog.message))
        page.on("request", lambda request: seen.asked.append(request.url))
        await page.goto(file.as_uri())
        yield page, seen
    finally:
        await context_.close()


def look(chromium: Chromium, what: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(chromium.on_its_loop(what()))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("hostile") / "report.html"
    write_html(hostile_report(), file)
    return file


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ordinary") / "report.html"
    write_html(ordinary_report(), file)
    return file


# ── hostile words ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_hostile_word_runs_loads_or_becomes_an_element(chromium: Chromium, hostile: Path) -> None:
    async def looking() -> None:
        async with opened(chromium, hostile) as (page, seen):
            await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            await page.mouse.move(300, 300)
            for _ in range(12):
                await page.keyboard.press("Tab")
            assert await page.evaluate("window.harmed") is None
            # Nothing was even tried: the browser would complain of whatever the page's policy had to refuse.
            assert (seen.complaints, seen.asked) == ([], [hostile.as_uri()])
            counts = await page.evaluate(
                "Object.fromEntries(['script', 'style', 'h1', 'iframe', 'img', 'base', 'animate', 'meta[http-equiv=refresh]', "
                "'a:not([href^=\"#\"])', '[onload], [onerror], [onfocus], [onmouseover], [style]']"
                ".map((selector) => [selector, document.querySelectorAll(selector).length]))"
            )
            assert {selector for selector, count in counts.items() if count} == {"script", "style", "h1"}
            assert counts["script"] == counts["style"] == counts["h1"] == 1

    look(chromium, looking)


def test_every_hostile_word_is_read_as_it_was_written(chromium: Chromium, hostile: Path) -> None:
    async def looking() -> None:
        async with opened(chromium, hostile) as (page, _):
            said = await page.evaluate("[...document.querySelectorAll('q')].map((one) => one.textContent)")
            names = await page.evaluate("[...document.querySelectorAll('.run .client')].map((one) => one.textContent)")
            for text in HOSTILE:
                assert text in said
                assert text in names
            everything = await page.evaluate("document.body.textContent")
            assert UNWELCOME.findall(everything) == []
            assert "\\x202egnp.exe" in everything  # shown by its number, where it would have turned the line around

    look(chromium, looking)


def test_a_megabyte_of_status_text_neither_bloats_the_page_nor_breaks_its_layout(chromium: Chromium, hostile: Path) -> None:
    assert hostile.stat().st_size < 700_000

    async def looking() -> None:
        async with opened(chromium, hostile, viewport={"width": 390, "height": 800}) as (page, _):
            await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 390

    look(chromium, looking)


def test_a_text_of_our_own_that_were_hostile_would_be_refused_by_the_policy(chromium: Chromium, ordinary: Path) -> None:
    """The policy is a second wall: planted markup, as if the first had fallen, does nothing."""
    planted = ordinary.parent / "planted.html"
    harm = f"<script>{SETS}</script><img src=x onerror={SETS}><svg onload={SETS}></svg>"
    harm += f"<a href='javascript:{SETS}' id=trap>x</a></body>"
    planted.write_text(ordinary.read_text(encoding="utf-8").replace("</body>", harm), encoding="utf-8")

    async def looking() -> None:
        async with opened(chromium, planted) as (page, seen):
            await page.evaluate("document.querySelector('#trap').click()")
            await page.wait_for_function("true")
            assert await page.evaluate("window.harmed") is None
            assert len(seen.complaints) >= 4

    look(chromium, looking)


# ── what a reader does ───────────────────────────────────────────────────────────────────────────────────────────────

SHOWN = "[...document.querySelectorAll('.run')].filter((run) => !run.hidden).map((run) => run.id)"


@pytest.mark.parametrize(
    ("choices", "ids"),
    [
        ({"client": "careful"}, ["run-1"]),
        ({"verdict": "failed"}, ["run-2"]),
        ({"check": f"{PACE.id} {PACE.title}"}, ["run-4"]),
        ({"check": f"{ORDER.id} {ORDER.title}", "standing": "inconclusive"}, ["run-3"]),
        ({"check": f"{TRUTH.id} {TRUTH.title}", "client": "careless", "standing": "OK"}, ["run-3", "run-4"]),
    ],
)
def test_filters_show_the_runs_that_were_asked_for(
    chromium: Chromium, ordinary: Path, choices: dict[str, str], ids: list[str]
) -> None:
    async def looking() -> None:
        async with opened(chromium, ordinary) as (page, seen):
            for name, label in choices.items():
                await page.select_option(f"select[name={name}]", label=label)
            assert sorted(await page.evaluate(SHOWN)) == ids
            assert await page.text_content("#shown") == f"{len(ids)} of 4 runs shown"
            await page.click("#filters [type=reset]")
            await page.wait_for_function("document.querySelector('#shown').textContent === '4 of 4 runs shown'")
            assert seen.complaints == []

    look(chromium, looking)


def test_a_cell_shows_its_runs_and_a_proof_leads_to_its_entry_in_an_opened_run(chromium: Chromium, ordinary: Path) -> None:
    async def looking() -> None:
        async with opened(chromium, ordinary) as (page, _):
            await page.click("a.cell.failed")
            await page.wait_for_function("document.querySelector('#run-2').open")
            assert await page.evaluate(SHOWN) == ["run-2"]
            await page.click("#run-2 .proof a")
            await page.wait_for_function("document.querySelector('.marked:target') !== null")
            await page.click("#run-2 .marked:target .mark")
            assert await page.evaluate("document.querySelector(':target').id") == "run-2-broken-1"
            await page.goto(f"{ordinary.as_uri()}#run-4-entry-4")
            assert await page.evaluate("document.querySelector('#run-4').open")

    look(chromium, looking)


def test_the_theme_follows_the_system_until_the_reader_chooses_and_words_are_legible_in_both(
    chromium: Chromium, ordinary: Path
) -> None:
    async def looking() -> None:
        async with opened(chromium, ordinary, color_scheme="dark") as (page, _):
            await page.evaluate("document.querySelectorAll('.run').forEach((one) => { one.open = true; })")
            dark = await page.evaluate(GROUND)
            assert await faint(page) == []
            await page.click("#theme")
            light = await page.evaluate(GROUND)
            assert dark != light
            assert await faint(page) == []
            assert await page.get_attribute("#theme", "aria-pressed") == "false"

    look(chromium, looking)


GROUND = "getComputedStyle(document.body).backgroundColor"
FAINT = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (at) => { for (let on = at; on; on = on.parentElement) {
    const found = rgb(getComputedStyle(on).backgroundColor);
    if (found.length === 3 || found[3] > 0) return found; } return [255, 255, 255]; };
  return [...document.querySelectorAll('.word, .cell, .chip, .timeline p, .timeline time, .lane, q, dt, a, small, .gap, .mark')]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.className || one.tagName, light(rgb(getComputedStyle(one).color)), light(ground(one))])
    .filter(([, one, other]) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 4.5)
    .map(([name]) => name);
}"""


async def faint(page: Page) -> list[str]:
    """Elements whose words have less contrast than WCAG 2.2 asks of text (1.4.3: 4.5 to 1)."""
    return sorted(set(await page.evaluate(FAINT)))


def test_runs_open_by_keyboard_and_every_control_and_figure_has_a_name(chromium: Chromium, ordinary: Path) -> None:
    async def looking() -> None:
        async with opened(chromium, ordinary) as (page, _):
            await page.focus("#run-2 > summary")
            await page.keyboard.press("Enter")
            assert await page.evaluate("document.querySelector('#run-2').open")
            tree = await page.locator("body").aria_snapshot()
            assert re.findall(r"^\s*- (?:button|combobox|searchbox|img|region|link|table)(?=:?$| \[)", tree, re.M) == []
            for control in ("client", "verdict", "rule", "tag"):
                assert await page.get_by_role("combobox", name=control, exact=True).count() == 1
            assert await page.get_by_role("searchbox", name="scenario").count() == 1
            assert await page.get_by_role("img", name="The way through license acquisition").count() == 1
            assert await page.get_by_role("button", name="Dark theme").count() == 1

    look(chromium, looking)


def test_without_javascript_all_of_it_can_be_read(chromium: Chromium, ordinary: Path) -> None:
    async def looking() -> None:
        async with opened(chromium, ordinary, java_script_enabled=False) as (page, _):
            assert not await page.is_visible("#filters")
            assert not await page.is_visible("#theme")
            await page.click("#run-2 > summary")
            assert await page.is_visible("#run-2 .timeline .marked")

    look(chromium, looking)


def test_print_unfolds_what_did_not_hold_and_leaves_out_what_only_a_screen_needs(chromium: Chromium, ordinary: Path) -> None:
    async def looking() -> None:
        async with opened(chromium, ordinary, color_scheme="dark") as (page, _):
            await page.emulate_media(media="print")
            await page.wait_for_function(
                "document.querySelector('#run-2 .timeline').checkVisibility({contentVisibilityAuto: true})", timeout=20_000
            )
            assert not await page.evaluate(
                "document.querySelector('#run-1 .timeline').checkVisibility({contentVisibilityAuto: true})"
            )
            assert not await page.is_visible("#filters")
            assert await page.evaluate(GROUND) == "rgb(255, 255, 255)"

    look(chromium, looking)
