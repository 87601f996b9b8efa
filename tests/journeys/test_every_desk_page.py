"""Every page of the desk in every state: none runs off a screen, and axe finds nothing in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import desk_tour
from tests.journeys.conftest import gathered
from tests.journeys.house import House
from tests.journeys.test_every_page import COLOURS, EVERY_RULE, NARROW, violations

SETTINGS = desk_tour.SETTINGS


@dataclass
class Looked:
    """What was wrong with which page, by what was asked."""

    at: list[str] = field(default_factory=list)
    too_wide: dict[str, int] = field(default_factory=dict)
    light: dict[str, list[str]] = field(default_factory=dict)
    dark: dict[str, list[str]] = field(default_factory=dict)

    def look(self, name: str, page: Page) -> None:
        """Ask everything of a page as it stands, and leave it so."""
        self.at.append(name)
        page.set_viewport_size({"width": NARROW, "height": 640})
        page.wait_for_load_state()  # a slow machine may still be on the way to it
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if beyond > 0:
            self.too_wide[name] = beyond
        page.set_viewport_size({"width": 1280, "height": 720})
        page.emulate_media(color_scheme="dark")
        self.dark |= found(name, page, COLOURS)
        page.emulate_media(color_scheme="light")
        self.light |= found(name, page, EVERY_RULE)


def found(name: str, page: Page, rules: dict[str, object]) -> dict[str, list[str]]:
    """What axe says of it, under its name; nothing if axe finds nothing."""
    wrong = violations(page, rules)
    return {name: wrong} if wrong else {}


@pytest.fixture(scope="module")
def looked(chromium: Browser, house: House) -> Iterator[Looked]:
    """The whole way, looked at."""
    with gathered(chromium, house) as people:
        looked = Looked()
        for name, page in desk_tour.whole_way(people):
            looked.look(name, page)
        yield looked


def test_no_page_of_the_desk_scrolls_sideways_on_a_small_phone(looked: Looked) -> None:
    assert looked.too_wide == {}


def test_axe_finds_nothing_at_the_desk_in_the_light(looked: Looked) -> None:
    assert looked.light == {}


def test_axe_finds_nothing_at_the_desk_in_the_dark(looked: Looked) -> None:
    assert looked.dark == {}


def test_each_page_was_looked_at_once_under_a_name_of_its_own(looked: Looked) -> None:
    assert len(looked.at) == len(set(looked.at))
