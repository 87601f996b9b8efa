"""Somebody who keeps things on their own device, in a browser that may only ask us for pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, Request, expect

from tests.journeys.conftest import People
from tests.journeys.reader import Reader

TODAY = "2026-11-23"
LOUD = "<img src=x onerror=alert(1)> The evening was loud.\n\nI made soup."


@contextmanager
def sending_nothing(people: People) -> Iterator[People]:
    """The same people; whatever their browsers ask for must be a page, and ours."""
    sent: list[str] = []
    site = people.house.site

    def note(request: Request) -> None:
        ours = request.url.startswith((site + "/", "blob:" + site))
        if request.method != "GET" or request.post_data or not ours or "?" in request.url:
            sent.append(f"{request.method} {request.url}")

    made = people.page

    def page(**wishes: object) -> Page:
        opened = made(**wishes)
        opened.context.on("request", note)
        return opened

    people.page = page  # type: ignore[method-assign]
    yield people
    assert sent == []


def at_yours(people: People, **wishes: Any) -> Reader:
    """Somebody who has said yes, on a day that is known."""
    reader = people.reader(**wishes)
    reader.page.clock.install(time=f"{TODAY}T12:00:00")
    reader.opens("/yours/")
    says_yes(reader.page)
    return reader


def at_a_story(people: People, listed: str = "/stories/") -> Reader:
    """Somebody who has come to the first story of a list."""
    reader = people.reader()
    reader.opens(listed)
    reader.page.locator(".card").first.get_by_role("link").click()
    expect(reader.story).to_be_visible()
    return reader


def says_yes(page: Page) -> None:
    """Agree to keeping things here."""
    press(page, "Yes, keep them here")


def press(within: Page | Locator, name: str) -> None:
    """Press the button of that name."""
    within.get_by_role("button", name=name).click()


def part(page: Page, name: str) -> Locator:
    """A part of the page, by its heading."""
    return page.get_by_role("region", name=name, exact=True)


def kept(page: Page) -> dict[str, Any]:
    """All that the browser holds for this site."""
    held: dict[str, Any] = page.evaluate(
        "() => ({...localStorage, ...sessionStorage, cookies: document.cookie})"
    )
    assert held.pop("cookies") == ""
    return held


def in_it(page: Page, name: str) -> Any:
    """What is kept of one kind."""
    return json.loads(kept(page)[f"handrail.{name}"])


def writes_a_note(page: Page, lines: str, how: str = "Hard", then: str = "") -> None:
    part(page, "Your notebook").get_by_label(how, exact=True).check()
    page.get_by_label("A few lines, if you like").fill(lines)
    page.get_by_label("What helps next?").fill(then)
    press(page, "Keep this note")


def counts_from(page: Page, day: str, what: str = "") -> None:
    page.get_by_label("What are you counting").fill(what)
    page.get_by_label("Since which day?").fill(day)
    press(page, "Start counting")


def begins_anew(page: Page, day: str, helped: str = "") -> None:
    page.get_by_text("A new stretch begins", exact=True).click()
    page.get_by_label("The first day of the new stretch").fill(day)
    page.get_by_label("What helped last time, if").fill(helped)
    press(page, "Begin a new stretch")


def expect_days(page: Page, stretch: str, together: str) -> None:
    days = part(page, "Your days")
    expect(days.locator("#this-stretch")).to_have_text(stretch)
    expect(days.locator("#all-days")).to_have_text(together)
