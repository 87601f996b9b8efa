"""Every page outside the desk: none runs off a narrow screen, axe finds nothing by WCAG 2.2 AA."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.journeys import tour
from tests.journeys.conftest import gathered
from tests.journeys.house import House

NARROW = 320
"""CSS pixels: a small phone, or a large one at 400 % (WCAG 2.2, 1.4.10)."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERY_RULE = {"runOnly": {"type": "tag", "values": WCAG}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""Rules that can tell a dark page from a light one."""


@pytest.fixture(scope="module")
def tabs(chromium: Browser, house: House) -> Iterator[dict[str, Page]]:
    """Every kind of page, open."""
    with gathered(chromium, house) as people:
        author, robin, reader = people.visitor(), people.moderator("Robin"), people.reader()
        up = author.shares(tour.STORY, tour.TITLE)
        robin.approves_and_publishes(up.pen_name)
        offered, declined = (author.shares(tour.SECOND) for _ in range(2))
        robin.holds(offered.pen_name)
        robin.suggests(tour.SECOND.replace("spring", "last spring"), words="Is this right?")
        robin.holds(declined.pen_name)
        robin.writes("Decline with a message", "Thank you. We cannot publish this one here.")
        robin.decides("Decline with a message")
        path = reader.finds_on_home(tour.TITLE)
        yield {
            **tour.of_a_reader(reader, path),
            **tour.of_a_visitor(author, up),
            **tour.of_a_bad_night(author),
            **tour.of_an_author(author, offered, declined),
            **tour.of_a_reporter(reader, path),
        }


def test_no_page_scrolls_sideways_on_a_small_phone(tabs: dict[str, Page]) -> None:
    too_wide = {}
    for name, page in tabs.items():
        page.set_viewport_size({"width": NARROW, "height": 640})
        page.wait_for_load_state()  # a slow machine may still be on the way to it
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if beyond > 0:
            too_wide[name] = beyond
    assert too_wide == {}


@pytest.mark.parametrize(("scheme", "rules"), [("light", EVERY_RULE), ("dark", COLOURS)])
def test_axe_finds_nothing(tabs: dict[str, Page], scheme: str, rules: dict[str, object]) -> None:
    found = {}
    for name, page in tabs.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        results = Axe().run(page, options=rules)
        if results.violations_count:
            found[name] = results.generate_report()
    assert found == {}
