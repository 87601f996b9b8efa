"""What stays on the reader's own device: nothing unasked, nothing sent, and all erased at once."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import People
from tests.journeys.keeper import (
    LOUD,
    TODAY,
    at_a_story,
    at_yours,
    begins_anew,
    counts_from,
    expect_days,
    in_it,
    kept,
    part,
    press,
    says_yes,
    sending_nothing,
    writes_a_note,
)
from tests.journeys.test_every_page import COLOURS, EVERY_RULE

SCRIPTS = sorted((Path(__file__).parents[2] / "site/theme/static/js").glob("yours*.js"))
MOST_BYTES = 2_300
"""Of one script, compressed."""


@pytest.fixture
def people(people: People) -> Iterator[People]:
    """People whose browsers may only ask for pages, and only of us."""
    with sending_nothing(people):
        yield people


# --- nothing unasked ----------------------------------------------------------------------------


def test_nothing_is_kept_before_somebody_says_yes(people: People) -> None:
    reader = at_a_story(people)
    for path in ("/", "/topics/", "/yours/", "/api/share"):
        reader.opens(path)
    assert kept(reader.page) == {}


def test_a_no_is_not_kept_either(people: People) -> None:
    reader = people.reader()
    reader.opens("/yours/")
    press(reader.page, "No, keep nothing")
    expect(reader.page.get_by_role("status").get_by_text("Nothing is kept")).to_be_visible()
    assert kept(reader.page) == {}


def test_a_yes_keeps_the_yes_and_what_is_put_there_under_one_prefix(people: People) -> None:
    reader = at_yours(people)
    assert kept(reader.page) == {"handrail.keep": "yes"}
    told = reader.page.get_by_role("status").get_by_text("From now on this browser keeps")
    expect(told).to_be_visible()
    writes_a_note(reader.page, "A line.")
    counts_from(reader.page, TODAY)
    expect_days(reader.page, "1 day, since 23 November 2026", "1 day")
    assert set(kept(reader.page)) == {"handrail.keep", "handrail.notes", "handrail.days"}


def test_without_script_the_page_says_so_and_offers_paper(people: People) -> None:
    reader = people.reader(script=False)
    reader.opens("/yours/")
    expect(reader.page.get_by_text("This part of the page needs script")).to_be_visible()
    expect(part(reader.page, "A sheet for one day")).to_be_visible()
    expect(reader.page.get_by_role("button")).to_have_count(0)
    expect(reader.page.get_by_role("textbox")).to_have_count(0)
    reader.opens("/stories/")
    reader.page.locator(".card").first.get_by_role("link").click()
    expect(reader.page.locator(".on-device")).to_be_hidden()


@pytest.mark.long
def test_the_sheet_is_one_page_of_paper(people: People, script: bool) -> None:
    reader = people.reader(script)
    reader.opens("/yours/")
    for paper in ("A4", "Letter"):
        printed = reader.page.pdf(format=paper)
        assert printed.count(b"/Type /Page\n") == 1
    reader.page.emulate_media(media="print")
    expect(part(reader.page, "A sheet for one day")).to_be_visible()
    expect(reader.page.get_by_role("contentinfo")).to_be_hidden()


def test_no_form_there_could_send_anything(people: People) -> None:
    reader = people.reader(script=False)
    reader.opens("/yours/")
    forms = reader.page.locator("main form")
    assert forms.count() >= 4
    for form in forms.all():
        assert form.get_attribute("method") == "dialog"
        assert form.get_attribute("action") is None


# --- when the browser will not ------------------------------------------------------------------

FULL = "() => { Storage.prototype.setItem = () => { throw new DOMException('full') } }"
NONE = (
    "for (const name of ['localStorage', 'sessionStorage'])"
    " Object.defineProperty(window, name, {get() { throw new DOMException('no') }})"
)

PARTS = {
    "saved": "Stories you saved",
    "days": "Your days",
    "notes": "Your notebook",
    "hidden": "What you asked not to see",
}
"""Where the page shows what is kept under each name."""


def test_a_full_browser_says_so_and_what_was_typed_stays(people: People) -> None:
    page = at_yours(people).page
    page.evaluate(FULL)
    writes_a_note(page, "Words that took an hour.")
    expect(page.get_by_role("status").get_by_text("would not keep it")).to_be_visible()
    expect(page.get_by_label("A few lines, if you like")).to_have_value("Words that took an hour.")
    counts_from(page, TODAY, "Days")
    expect(page.get_by_label("What are you counting")).to_have_value("Days")


@pytest.mark.long
def test_a_browser_that_keeps_nothing_says_so(people: People) -> None:
    reader = people.reader()
    reader.page.add_init_script(NONE)
    reader.opens("/yours/")
    says_yes(reader.page)
    expect(reader.page.get_by_role("status").get_by_text("would not keep it")).to_be_visible()
    expect(part(reader.page, "A sheet for one day")).to_be_visible()
    reader.opens("/stories/")
    reader.page.locator(".card").first.get_by_role("link").click()
    press(reader.page, "Save on this device")
    says_yes(reader.page)
    expect(reader.page.get_by_text("would not keep it")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("text", ["{half", "7", '["javascript:alert(1)"]'])
def test_what_cannot_be_read_is_shown_as_it_is_and_not_overwritten(
    people: People, text: str
) -> None:
    page = at_yours(people).page
    for name in PARTS:
        page.evaluate("([n, text]) => localStorage.setItem(n, text)", [f"handrail.{name}", text])
    page.reload()
    for where in PARTS.values():
        expect(part(page, where).locator("pre")).to_have_text(text)
    writes_a_note(page, "A line.")
    expect(page.get_by_role("status").get_by_text("cannot be read")).to_be_visible()
    assert {kept(page)[f"handrail.{name}"] for name in PARTS} == {text}
    press(page, "Erase all of it")
    assert kept(page) == {}


# --- erasing ------------------------------------------------------------------------------------


def test_one_button_erases_all_of_it_at_once(people: People) -> None:
    reader = at_a_story(people)
    press(reader.page, "Save on this device")
    says_yes(reader.page)
    reader.opens("/yours/")
    page = reader.page
    counts_from(page, "2026-01-01", "Days")
    writes_a_note(page, "Words for nobody else.")
    page.get_by_label("A few lines, if you like").fill("Half a thought")
    page.evaluate("localStorage.setItem('handrail.of-an-older-version', 'x')")
    press(page, "Erase all of it")
    expect(page.get_by_role("status").get_by_text("All of it is erased")).to_be_visible()
    expect(part(page, "Keep things on this device?")).to_be_visible()
    assert kept(page) == {}
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)
    says_yes(page)
    for words in ("Words for nobody else.", "since 1 January 2026"):
        expect(page.get_by_text(words)).to_have_count(0)
    expect(page.get_by_label("A few lines, if you like")).to_have_value("")
    assert kept(page) == {"handrail.keep": "yes"}


def test_what_was_erased_in_one_tab_goes_from_the_others_and_comes_back_from_none(
    people: People,
) -> None:
    page = at_yours(people).page
    writes_a_note(page, "Words for nobody else.")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("Words for nobody else.")).to_be_visible()
    other.get_by_label("A few lines, if you like").fill("More of them")
    press(page, "Erase all of it")
    expect(part(other, "Keep things on this device?")).to_be_visible()
    expect(other.get_by_text("Words for nobody else.")).to_have_count(0)
    expect(other.get_by_label("A few lines, if you like")).to_have_value("")
    assert kept(other) == {}


# --- everybody can use it -----------------------------------------------------------------------


@pytest.mark.long
def test_axe_finds_nothing_in_either_theme(people: People) -> None:
    story, page = at_a_story(people).page, at_yours(people).page
    press(story, "Save on this device")
    story.get_by_text("Hide stories like this").click()
    counts_from(page, "2026-11-01")
    begins_anew(page, TODAY, "Soup")
    writes_a_note(page, LOUD, "Very hard")
    for summary in page.locator("main summary").all():
        summary.click()
    for scheme, rules in (("light", EVERY_RULE), ("dark", COLOURS)):
        for one in (story, page):
            one.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            results = Axe().run(one, options=rules)
            assert results.violations_count == 0, results.generate_report()


@pytest.mark.long
def test_nothing_runs_off_a_small_phone(people: People) -> None:
    page = at_yours(people, viewport={"width": 320, "height": 640}).page
    counts_from(page, "2026-11-01", "d" * 120)
    writes_a_note(page, "w" * 200)
    for summary in page.locator("main summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.long
def test_all_of_it_is_done_with_the_keyboard_alone(people: People) -> None:
    reader = people.reader()
    reader.opens("/yours/")
    page = reader.page
    tab_to(page.get_by_role("button", name="Yes, keep them here"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Stories you saved")).to_be_focused()
    tab_to(page.get_by_label("Light", exact=True))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page.get_by_label("A few lines, if you like"))
    page.keyboard.type("With the keyboard alone. I AM HERE.")
    tab_to(page.get_by_role("button", name="Keep this note"))
    page.keyboard.press("Enter")
    expect(page.locator("#notes > li")).to_contain_text("All right")
    tab_to(page.get_by_role("button", name="Erase all of it"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keep things on this device?")).to_be_focused()
    assert kept(page) == {}


def tab_to(place: Locator) -> None:
    for _ in range(60):
        place.page.keyboard.press("Tab")
        if place.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError("the focus never came there")


def test_leave_now_works_there_too_and_keeps_what_was_kept(people: People) -> None:
    page = at_yours(people).page
    writes_a_note(page, "A line.")
    expect(page.locator("#notes > li")).to_have_count(1)
    page.get_by_label("A few lines, if you like").fill("Half a thought")
    page.evaluate(
        "document.querySelectorAll('a[data-leave]').forEach((a) => { a.href = '/help/' })"
    )
    for _ in range(3):
        page.keyboard.press("Shift")
    expect(page).to_have_url(people.house.site + "/help/")
    assert len(in_it(page, "notes")) == 1


@pytest.mark.parametrize(
    "script", [*SCRIPTS, SCRIPTS[0].with_name("story.js")], ids=lambda p: p.name
)
def test_each_script_is_small_and_has_no_way_to_send(script: Path) -> None:
    text = script.read_text("utf-8")
    assert len(gzip.compress(text.encode(), 9, mtime=0)) <= MOST_BYTES
    for way in ("XMLHttpRequest", "sendBeacon", "WebSocket", "EventSource", "innerHTML", "method:"):
        assert way not in text
    assert text.count("fetch(") == (script.name == "yours-lists.js")
