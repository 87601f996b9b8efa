"""Somebody who leaves at once, and the page elsewhere that they come to."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from tests.journeys.conftest import People
from tests.journeys.reader import Reader
from tests.journeys.witness import Witness

ELSEWHERE = "https://weather.example/today"
THERE = "<!doctype html><html lang=en><title>Weather</title><h1>Dry and calm</h1>"


def answer_elsewhere(context: BrowserContext) -> list[Request]:
    """Stand in for the page that "Leave now" leads to; what is asked of it."""
    asked: list[Request] = []

    def answer(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(body=THERE, content_type="text/html; charset=utf-8")

    context.route(ELSEWHERE + "**", answer)
    return asked


def forgive(witness: Witness) -> None:
    """Going there is what this is for; any other request to elsewhere still fails the journey."""
    witness.seen[:] = [
        seen for seen in witness.seen if seen != f"request to elsewhere: {ELSEWHERE}"
    ]


def reading(people: People, script: bool = True, **wishes: object) -> Reader:
    """Somebody who has come to a story by way of a list."""
    reader = people.reader(script, **wishes)
    answer_elsewhere(reader.page.context)
    reader.opens("/stories/")
    reader.page.get_by_role("article").first.get_by_role("link").click()
    expect(reader.story).to_be_visible()
    return reader


def leave_now(page: Page) -> Locator:
    """The button in the corner of every page."""
    return page.get_by_role("link", name="Leave now")


def presses_shift(page: Page, times: int = 3) -> None:
    """On a page that is there whole: before its script has run, nobody counts."""
    page.wait_for_load_state()
    for _ in range(times):
        page.keyboard.press("Shift")


def expect_left(page: Page) -> None:
    """The page elsewhere is there."""
    expect(page).to_have_title("Weather")
    assert page.url == ELSEWHERE


def expect_still_there(page: Page) -> None:
    """A press that counted too much would have left by the time the next key has come through."""
    page.keyboard.press("Escape")
    expect(page.locator(".left-behind")).to_have_count(0)
    expect(leave_now(page)).to_be_visible()
