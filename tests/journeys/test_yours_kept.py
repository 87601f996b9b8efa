"""What a reader keeps on their own device: stories, words not to be shown, days and notes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import People, gathered
from tests.journeys.house import House
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

VOCABULARY = Path(__file__).parents[2] / "content" / "vocabulary.json"


@pytest.fixture
def people(people: People) -> Iterator[People]:
    """People whose browsers may only ask for pages, and only of us."""
    with sending_nothing(people):
        yield people


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


@pytest.mark.long
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


def labels_of(words: list[dict[str, str]]) -> dict[str, str]:
    """The site's own label of each slug."""
    return {word["slug"]: word["label"] for word in words}


LABELS = {name: labels_of(words) for name, words in json.loads(VOCABULARY.read_text()).items()}


def test_stories_like_one_are_folded_away_until_somebody_asks(people: People) -> None:
    reader = at_a_story(people)
    slug = slugs_of(reader.page.locator(".on-device"), "topics")[0]
    label = f"Stories about: {LABELS['topics'][slug]}"
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


@pytest.mark.long
def test_what_is_hidden_is_said_and_kept_in_the_words_of_the_site(people: People) -> None:
    """ "eating" alone says less than "Eating and body"."""
    page = at_a_story(people, "/topics/eating/").page
    filed = page.locator(".on-device")
    lists = {
        name: {slug: LABELS[words][slug] for slug in slugs_of(filed, name)}
        for name, words in (("notes", "content_notes"), ("topics", "topics"))
    }
    assert lists["topics"]["eating"] == "Eating and body"
    said = [
        *(f"Stories that mention: {label}" for label in lists["notes"].values()),
        *(f"Stories about: {label}" for label in lists["topics"].values()),
    ]
    page.get_by_text("Hide stories like this").click()
    assert filed.locator(".choice").all_inner_texts() == said
    for choice in filed.locator(".choice").all():
        choice.click()
    press(page, "Hide these")
    says_yes(page)
    assert in_it(page, "hidden") == lists
    page.goto(f"{people.house.site}/yours/")
    entries = part(page, "What you asked not to see").get_by_role("listitem")
    assert [entry.inner_text().split("\n")[0] for entry in entries.all()] == said


def slugs_of(filed: Locator, name: str) -> list[str]:
    return str(filed.get_attribute(f"data-{name}")).split()


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


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.fixture(scope="module")
def in_berlin(chromium: Browser, house: House) -> Iterator[Page]:
    """A page where clocks change in March and October; counting leaves no trace on it."""
    with gathered(chromium, house) as people:
        reader = people.reader(timezone_id="Europe/Berlin")
        reader.opens("/yours/")
        yield reader.page


@pytest.mark.long
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
    in_berlin: Page, stretches: list[tuple[str, str]], now: str, counted: tuple[int, int]
) -> None:
    given = [{"from": first, "to": last} for first, last in stretches]
    found = in_berlin.evaluate(
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


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
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
