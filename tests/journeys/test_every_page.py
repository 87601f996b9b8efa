"""Every page outside the desk: axe finds nothing by WCAG 2.2 AA, and it holds on any screen.

What no page may do under the site's policy, such as speak to the console or ask another site for
anything, is witnessed in every journey.
"""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import gathered
from tests.journeys.house import House
from tests.journeys.whole_tour import opened_by

NARROW = 320
"""CSS pixels: a small phone, or a large one at 400 % (WCAG 2.2, 1.4.10)."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERY_RULE = {"runOnly": {"type": "tag", "values": WCAG}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""Rules that can tell a dark page from a light one."""
WAYS = {
    "as it is": "() => {}",
    "with room between letters, words and lines": """() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
            word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
        document.adoptedStyleSheets = [sheet];
    }""",
    "from right to left": """() => {
        document.adoptedStyleSheets = [];
        document.documentElement.dir = "rtl";
    }""",
    "as it was": '() => { document.documentElement.dir = "" }',
}
"""What a reader or a translation may do to a page, one after the other (WCAG 2.2, 1.4.12)."""
BEYOND = "document.documentElement.scrollWidth - innerWidth"
MOVES = """[...document.querySelectorAll("*")].flatMap((element) => {
    const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
    const still = parseFloat(transitionDuration) === 0 && animationName === "none";
    return still && scrollBehavior === "auto" ? [] : [element.outerHTML.slice(0, 80)];
})"""
UNFORCED = """[...document.body.querySelectorAll("*")].flatMap((element) => {
    const { appearance, borderTopStyle, forcedColorAdjust } = getComputedStyle(element);
    const pressed = element.matches("button, .button, input, textarea, select");
    const edged = borderTopStyle !== "none" || appearance === "auto" || !element.checkVisibility();
    const forced = forcedColorAdjust === "auto" || element.closest("svg");
    return forced && (edged || !pressed) ? [] : [element.outerHTML.slice(0, 80)];
})"""


@pytest.fixture(scope="module")
def tabs(chromium: Browser, house: House) -> Iterator[dict[str, Page]]:
    """Every kind of page, open."""
    with gathered(chromium, house) as people:
        yield opened_by(people)


@pytest.mark.parametrize("way", WAYS)
def test_no_page_scrolls_sideways_on_a_small_phone(tabs: dict[str, Page], way: str) -> None:
    too_wide = {}
    for name, page in tabs.items():
        page.set_viewport_size({"width": NARROW, "height": 640})
        page.wait_for_load_state()  # a slow machine may still be on the way to it
        page.evaluate(WAYS[way])
        beyond = page.evaluate(BEYOND)
        if beyond > 0:
            too_wide[name] = beyond
    assert too_wide == {}


def violations(page: Page, rules: dict[str, object]) -> list[str]:
    """What axe finds; it stays in the page, so that the second look costs less."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    asked = {**rules, "resultTypes": ["violations"]}
    found = page.evaluate(f"axe.run({json.dumps(asked)}).then((all) => all.violations)")
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("scheme", "rules"), [("light", EVERY_RULE), ("dark", COLOURS)])
def test_axe_finds_nothing(tabs: dict[str, Page], scheme: str, rules: dict[str, object]) -> None:
    found = {}
    for name, page in tabs.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found[name] = violations(page, rules)
    assert {name: some for name, some in found.items() if some} == {}


def test_axe_finds_what_is_wrong(chromium: Browser) -> None:
    with closing(chromium.new_page()) as page:
        page.set_content("<p style='color: #bbb'>Pale</p><img src='a.png'><button></button>")
        found = " ".join(violations(page, EVERY_RULE))
        assert all(rule in found for rule in ("color-contrast", "image-alt", "button-name"))
        assert "color-contrast" in " ".join(violations(page, COLOURS))


def test_nothing_moves_for_who_asked_for_stillness(tabs: dict[str, Page]) -> None:
    moving = {}
    for name, page in tabs.items():
        page.emulate_media(reduced_motion="reduce")
        moving[name] = page.evaluate(MOVES)
    assert {name: found for name, found in moving.items() if found} == {}


def test_in_forced_colours_every_word_obeys_and_what_is_pressed_has_an_edge(
    tabs: dict[str, Page],
) -> None:
    unforced = {}
    for name, page in tabs.items():
        page.emulate_media(forced_colors="active")
        unforced[name] = page.evaluate(UNFORCED)
    assert {name: found for name, found in unforced.items() if found} == {}
