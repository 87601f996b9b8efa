"""The form forgives: what was typed stays, what is wrong is said beside it, keys are enough."""

from playwright.sync_api import Locator, expect

from tests.journeys.conftest import WITHOUT_SCRIPT, People
from tests.journeys.house import House

STORY = "It began with one glass.\n\nمی‌خواهم  two  spaces, <b>and this</b> 🌱"
LONG_TITLE = "A title that goes on " * 7
MOST_KEYS = 140
"""Presses of Tab that the whole form may take; it has about a hundred stops."""


@WITHOUT_SCRIPT
def test_an_unfinished_form_comes_back_with_every_word(people: People, script: bool) -> None:
    author = people.visitor(script)
    author.opens_the_form()
    author.writes("", LONG_TITLE, topic="Gambling")
    author.consent.uncheck()
    author.presses_send()

    alert = author.page.get_by_role("alert")
    expect(alert).to_contain_text("What you wrote is still here.")
    expect(author.page).to_have_title("Please look again: Share your story · Handrail")
    expect(author.title).to_have_value(LONG_TITLE)
    expect(author.page.get_by_label("Gambling", exact=True)).to_be_checked()
    boxes = {"body": author.story, "title": author.title, "consent": author.consent}
    for field, box in boxes.items():
        author.error(field).click()
        expect(box).to_be_focused()
    expect(author.story).to_have_accessible_description(
        "Plain words are fine. Leave an empty line between paragraphs. Up to 12,000 characters. "
        "Problem: Please write your story here. A few lines are enough."
    )

    author.writes(STORY, "Short", topic="")
    assert author.sends().words


@WITHOUT_SCRIPT
def test_back_after_an_error_still_has_the_words(people: People, script: bool) -> None:
    author = people.visitor(script)
    author.opens_the_form()
    author.writes(STORY, LONG_TITLE)
    author.presses_send()
    expect(author.error("title")).to_be_visible()
    expect(author.story).to_have_value(STORY)
    author.page.go_back()
    expect(author.page.get_by_role("alert")).to_have_count(0)
    expect(author.story).to_have_value(STORY)


def test_a_double_click_sends_one_story(people: People, house: House, script: bool) -> None:
    before = house.waiting()
    author = people.visitor(script)
    author.opens_the_form()
    author.writes(STORY)
    author.reads_the_page()
    author.send_button.dblclick()
    receipt = author.receipt()
    assert len(house.waiting() - before) == 1
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_be_visible()
    expect(author.page.get_by_role("article")).to_have_count(1)


def test_a_second_story_can_be_kept_under_the_same_words(people: People) -> None:
    author = people.visitor(script=False)
    first = author.shares(STORY)
    author.opens_the_form()
    author.writes("A later chapter, a year on from the first.")
    author.page.get_by_label("Shared here before?").fill(first.words)
    author.presses_send()
    expect(author.page.get_by_text("It is kept under your receipt")).to_be_visible()
    author.looks_up(first.words)
    expect(author.page.get_by_role("article")).to_have_count(2)


def test_a_story_can_be_shared_with_the_keyboard_alone(people: People, script: bool) -> None:
    author = people.visitor(script)
    author.opens_the_form()
    page = author.page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    tabs_to(author.story)
    page.keyboard.type("I wrote this with the keyboard alone, and slowly.")
    tabs_to(page.get_by_role("checkbox", name="Trauma"))
    page.keyboard.press("Space")
    tabs_to(author.consent)
    page.keyboard.press("Space")
    tabs_to(author.send_button)
    author.reads_the_page()
    page.keyboard.press("Enter")
    assert author.receipt().words


def tabs_to(place: Locator) -> None:
    """Press Tab until the place has the focus; each stop on the way must be seen."""
    for _ in range(MOST_KEYS):
        place.page.keyboard.press("Tab")
        stop = place.page.locator(":focus")
        assert stop.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        assert stop.evaluate("e => e.getBoundingClientRect().width > 1")
        if place.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError("the focus never came there")
