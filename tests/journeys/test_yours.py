"""What stays on the reader's own device: nothing unasked, nothing sent, and all erased at once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, Request, expect

from tests.journeys.conftest import People
from tests.journeys.house import House
from tests.journeys.reader import Reader
from tests.journeys.test_every_page import COLOURS, EVERY_RULE

SCRIPTS = sorted((Path(__file__).parents[2] / "site/theme/static/js").glob("yours*.js"))
MOST_BYTES = 3 * 1024
"""Of one script, compressed."""
TODAY = "2026-11-23"
LOUD = "<img src=x onerror=alert(1)> The evening was loud.\n\nI made soup."


@pytest.fixture
def people(people: People, house: House) -> Iterator[People]:
    """People whose browsers may only ask for pages, and only of us."""
    sent: list[str] = []

    def note(request: Request) -> None:
        ours = request.url.startswith((house.site + "/", "blob:" + house.site))
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


def at_a_story(people: People, **wishes: Any) -> Reader:
    reader = people.reader(**wishes)
    reader.opens("/stories/")
    reader.page.locator(".card").first.get_by_role("link").click()
    expect(reader.story).to_be_visible()
    return reader


def says_yes(page: Page) -> None:
    press(page, "Yes, keep them here")


def press(within: Page | Locator, name: str) -> None:
    within.get_by_role("button", name=name).click()


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def kept(page: Page) -> dict[str, Any]:
    """All that the browser holds for this site."""
    held: dict[str, Any] = page.evaluate(
        "() => ({...localStorage, ...sessionStorage, cookies: document.cookie})"
    )
    assert held.pop("cookies") == ""
    return held


def in_it(page: Page, name: str) -> Any:
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


# --- stories ------------------------------------------------------------------------------------


def test_a_story_is_saved_found_again_and_taken_off(people: People) -> None:
    reader = at_a_story(people)
    title = reader.page.get_by_role("heading", level=1).inner_text()
    press(reader.page, "Save on this device")
    assert kept(reader.page) == {}
    says_yes(reader.page)
    expect(reader.page.get_by_role("status").get_by_text("Saved on this device")).to_be_visible()
    reader.page.locator(".on-device").get_by_role("link", name="Yours alone").click()
    saved = part(reader.page, "Stories you saved").get_by_role("listitem")
    expect(saved).to_have_count(1)
    saved.get_by_role("link", name=title).click()
    expect(reader.page.get_by_role("heading", level=1, name=title)).to_be_visible()
    press(reader.page, "Take it off this device")
    expect(reader.page.get_by_text("not saved any more")).to_be_visible()
    assert in_it(reader.page, "saved") == []


def test_a_no_under_a_story_keeps_nothing(people: People) -> None:
    reader = at_a_story(people)
    press(reader.page, "Save on this device")
    press(reader.page, "No, keep nothing")
    expect(reader.page.get_by_text("Nothing is kept.")).to_be_visible()
    expect(reader.page.get_by_role("button", name="Save on this device")).to_be_focused()
    assert kept(reader.page) == {}


def test_a_saved_story_that_was_taken_back_is_said_to_be_gone_once_it_is_opened(
    people: People,
) -> None:
    reader = at_a_story(people)
    title = reader.page.get_by_role("heading", level=1).inner_text()
    path = reader.page.url.removeprefix(reader.site)
    press(reader.page, "Save on this device")
    says_yes(reader.page)
    gone = people.house.get("/stories/aaaaaaaaaaaaaaaa/")
    asked: list[str] = []
    reader.page.context.on("request", lambda request: asked.append(request.url))
    reader.page.context.route(
        f"**{path}", lambda route: route.fulfill(status=gone[0], body=gone[1])
    )
    reader.opens("/yours/")
    saved = part(reader.page, "Stories you saved")
    expect(saved.get_by_role("link", name=title)).to_be_visible()
    assert reader.site + path not in asked
    saved.get_by_role("link", name=title).click()
    expect(saved.get_by_text("A story that is no longer here")).to_be_visible()
    assert asked.count(reader.site + path) == 1
    assert title not in json.dumps(kept(reader.page))
    press(saved, "Remove")
    expect(saved.get_by_text("None yet.")).to_be_visible()


def test_stories_like_one_are_folded_away_until_somebody_asks(people: People) -> None:
    reader = at_a_story(people)
    slug = str(reader.page.locator(".on-device").get_attribute("data-topics")).split()[0]
    label = f"Stories about {slug.replace('-', ' ') if slug != 'self-harm' else slug}"
    reader.opens(f"/topics/{slug}/")
    whole = reader.page.locator(".card").count()
    reader.page.go_back()
    reader.page.get_by_text("Hide stories like this").click()
    reader.page.get_by_label(label).check()
    press(reader.page, "Hide these")
    says_yes(reader.page)
    expect(reader.page.get_by_text("Lists leave such stories out from now on")).to_be_visible()

    reader.opens(f"/topics/{slug}/")
    expect(reader.page.locator(".card.folded")).to_have_count(whole)
    expect(reader.page.locator(".card a:visible")).to_have_count(0)
    reader.page.get_by_role("button", name="Show it").first.click()
    expect(reader.page.locator(".card a:visible")).to_be_focused()

    # What search adds to a list later is folded away as well.
    reader.page.locator(".cards").evaluate(
        "(cards) => cards.append(cards.querySelector('.card:not(.folded)').cloneNode(true))"
    )
    expect(reader.page.locator(".card.folded")).to_have_count(whole)
    expect(reader.page.locator(".card a:visible")).to_have_count(1)

    reader.opens("/yours/")
    press(reader.page, f"Show them again: {label}")
    expect(part(reader.page, "What you asked not to see").get_by_text("Nothing.")).to_be_visible()
    reader.opens(f"/topics/{slug}/")
    expect(reader.page.locator(".card a:visible")).to_have_count(whole)


# --- days ---------------------------------------------------------------------------------------


def test_a_new_stretch_takes_no_day_away(people: People) -> None:
    page = at_yours(people).page
    counts_from(page, "2026-11-01", "Days without a drink")
    expect_days(page, "23 days, since 1 November 2026", "23 days")
    expect(page.get_by_text("What helped last time?")).to_be_hidden()
    begins_anew(page, "2026-11-21", "I rang my sister")
    expect_days(page, "3 days, since 21 November 2026", "23 days")
    said = "You’re still here. What helped last time? You wrote: I rang my sister"
    expect(page.locator("#still-here")).to_have_text(said)
    page.reload()
    expect_days(page, "3 days, since 21 November 2026", "23 days")
    expect(page.get_by_text("Days without a drink")).to_be_visible()


def test_days_can_be_put_right_long_after(people: People) -> None:
    page = at_yours(people).page
    counts_from(page, "2026-11-21")
    page.get_by_text("Change the dates").click()
    page.get_by_label("First day").last.fill("2026-01-01")
    page.get_by_label("Last day").last.fill("2026-01-10")
    press(page, "Add these days")
    expect_days(page, "3 days, since 21 November 2026", "13 days")
    first = page.get_by_role("form", name="Stretch 1")
    first.get_by_label("Last day").fill("2026-01-31")
    press(first, "Save these dates")
    expect_days(page, "3 days, since 21 November 2026", "34 days")
    press(page.get_by_role("form", name="Stretch 1"), "Remove")
    expect_days(page, "3 days, since 21 November 2026", "3 days")
    press(page, "Put it back")
    expect_days(page, "3 days, since 21 November 2026", "34 days")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-02-02", "2026-02-01", "The last day comes before the first."),
        ("2027-01-01", "2027-01-02", "That day has not come yet."),
    ],
)
def test_dates_that_make_no_sense_are_said_kindly_and_not_kept(
    people: People, first: str, last: str, said: str
) -> None:
    page = at_yours(people).page
    counts_from(page, TODAY)
    before = kept(page)
    page.get_by_text("Change the dates").click()
    page.locator("#earlier-from, #earlier-to").evaluate_all(
        "(fields) => fields.forEach((field) => field.removeAttribute('max'))"
    )
    page.get_by_label("First day").last.fill(first)
    page.get_by_label("Last day").last.fill(last)
    press(page, "Add these days")
    expect(page.get_by_role("status").get_by_text(said)).to_be_visible()
    assert kept(page) == before


@pytest.mark.parametrize(
    ("stretches", "now", "counted"),
    [
        ([], "2026-11-23", (0, 0)),
        ([("2026-11-23", "")], "2026-11-23", (1, 1)),
        ([("2024-02-28", "2024-03-01")], "2026-11-23", (0, 3)),
        ([("2026-03-28", "2026-03-30"), ("2026-10-24", "2026-10-26")], "2026-11-23", (0, 6)),
        ([("2026-01-01", "2026-01-10"), ("2026-01-05", "2026-01-12")], "2026-11-23", (0, 12)),
        ([("2026-11-20", ""), ("2026-11-01", "2026-11-30")], "2026-11-23", (4, 23)),
        ([("2026-12-01", "")], "2026-11-23", (0, 0)),
        ([("1999-12-31", "2000-01-01"), ("2000-01-01", "")], "2000-01-02", (2, 3)),
    ],
)
def test_each_day_counts_once_and_none_that_has_not_come(
    people: People, stretches: list[tuple[str, str]], now: str, counted: tuple[int, int]
) -> None:
    reader = people.reader(timezone_id="Europe/Berlin")  # clocks change in March and October
    reader.opens("/yours/")
    given = [{"from": first, "to": last} for first, last in stretches]
    found = reader.page.evaluate(
        """async ([stretches, now]) => {
          const { count } = await import("/theme/js/yours-calendar.js");
          return count(stretches, now);
        }""",
        [given, now],
    )
    assert (found["stretch"], found["all"]) == counted
    days = {
        day
        for first, last in stretches
        for day in range(_number(first), min(_number(last or now), _number(now)) + 1)
    }
    assert found["all"] == len(days)


def _number(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def test_the_day_is_the_readers_own(people: People) -> None:
    for zone, day in (("Pacific/Auckland", "2026-11-24"), ("America/Los_Angeles", TODAY)):
        reader = people.reader(timezone_id=zone)
        reader.page.clock.install(time=f"{TODAY}T20:00:00Z")
        reader.opens("/yours/")
        says_yes(reader.page)
        expect(reader.page.get_by_label("Since which day?")).to_have_value(day)


# --- the notebook -------------------------------------------------------------------------------


def test_a_note_is_kept_changed_and_deleted(people: People) -> None:
    page = at_yours(people).page
    writes_a_note(page, LOUD, "Very hard", "Walk first")
    expect(page.get_by_text("That sounds like a lot to carry.")).to_be_visible()
    notes = part(page, "Your notebook").locator("#notes > li")
    expect(notes).to_contain_text("23 November 2026 · Very hard")
    expect(notes).to_contain_text("<img src=x onerror=alert(1)> The evening was loud.")
    assert notes.locator("img").count() == 0
    page.reload()
    press(page, "Change the note of 23 November 2026")
    lines = page.get_by_label("A few lines, if you like")
    expect(lines).to_be_focused()
    expect(lines).to_have_value(LOUD)
    lines.fill("It was quieter later.")
    press(page, "Keep this note")
    expect(notes).to_have_count(1)
    expect(notes).to_contain_text("It was quieter later.")
    press(page, "Delete the note of 23 November 2026")
    expect(notes).to_have_count(0)
    press(page, "Put it back")
    expect(notes).to_contain_text("It was quieter later.")
    assert in_it(page, "notes")[0]["next"] == "Walk first"


def test_the_notebook_is_saved_as_a_file_by_the_browser_itself(people: People) -> None:
    page = at_yours(people).page
    writes_a_note(page, LOUD, "Hard", "Call Sam")
    page.get_by_label("Which day?", exact=True).fill("2026-11-20")
    writes_a_note(page, "A quiet day.", "Light")
    with page.expect_download() as downloading:
        press(page, "Save as a text file")
    assert downloading.value.suggested_filename == "notebook.txt"
    assert Path(downloading.value.path()).read_text("utf-8") == (
        f"My notebook\n\n23 November 2026 · Hard\n{LOUD}\nWhat helps next: Call Sam\n\n"
        "20 November 2026 · Light\nA quiet day.\n\n"
    )


def test_the_notebook_is_printed_without_the_sheet(people: People) -> None:
    page = at_yours(people).page
    page.evaluate(
        "window.print = () => { document.body.dataset.printed = document.body.dataset.print }"
    )
    writes_a_note(page, "A quiet day.", "Light")
    press(page, "Print the notebook")
    expect(page.locator("body")).to_have_attribute("data-printed", "notes")
    page.evaluate("document.body.dataset.print = 'notes'")
    page.emulate_media(media="print")
    expect(page.get_by_text("A quiet day.")).to_be_visible()
    expect(part(page, "A sheet for one day")).to_be_hidden()
    expect(part(page, "Your days")).to_be_hidden()


# --- when the browser will not ------------------------------------------------------------------

FULL = "() => { Storage.prototype.setItem = () => { throw new DOMException('full') } }"
NONE = (
    "for (const name of ['localStorage', 'sessionStorage'])"
    " Object.defineProperty(window, name, {get() { throw new DOMException('no') }})"
)


def test_a_full_browser_says_so_and_what_was_typed_stays(people: People) -> None:
    page = at_yours(people).page
    page.evaluate(FULL)
    writes_a_note(page, "Words that took an hour.")
    expect(page.get_by_role("status").get_by_text("would not keep it")).to_be_visible()
    expect(page.get_by_label("A few lines, if you like")).to_have_value("Words that took an hour.")
    counts_from(page, TODAY, "Days")
    expect(page.get_by_label("What are you counting")).to_have_value("Days")


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


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("saved", "Stories you saved"),
        ("days", "Your days"),
        ("notes", "Your notebook"),
        ("hidden", "What you asked not to see"),
    ],
)
@pytest.mark.parametrize("text", ["{half", "7", '["javascript:alert(1)"]'])
def test_what_cannot_be_read_is_shown_as_it_is_and_not_overwritten(
    people: People, name: str, where: str, text: str
) -> None:
    page = at_yours(people).page
    page.evaluate("([name, text]) => localStorage.setItem(name, text)", [f"handrail.{name}", text])
    page.reload()
    expect(part(page, where).locator("pre")).to_have_text(text)
    if name == "notes":
        writes_a_note(page, "A line.")
        expect(page.get_by_role("status").get_by_text("cannot be read")).to_be_visible()
    assert kept(page)[f"handrail.{name}"] == text
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


def test_nothing_runs_off_a_small_phone(people: People) -> None:
    page = at_yours(people, viewport={"width": 320, "height": 640}).page
    counts_from(page, "2026-11-01", "d" * 120)
    writes_a_note(page, "w" * 200)
    for summary in page.locator("main summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


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
