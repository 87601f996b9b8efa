"""A receipt from its first minute to its last: kept, mistyped, answered, agreed to, forgotten."""

from dataclasses import replace
from string import ascii_lowercase

import pytest
from playwright.sync_api import expect

from doors.messages import messages
from forum.spelling import spelling
from tests.journeys.conftest import WITHOUT_SCRIPT, People
from tests.journeys.crowd import share_all
from tests.journeys.house import House
from tests.journeys.moderator import OTHERWISE
from tests.journeys.tour import DANGER
from tests.journeys.visitor import GOES_UP

STORY = "I grew up in Millfield.\n\nI stopped counting days there, and started counting walks."
SUGGESTED = STORY.replace("Millfield", "a small town")
EMAIL = "walker@example.org"
TOLD = "To keep you safe we took out what could show who you are"
MESSAGE = "Thank you for this.\nCould you leave out the name of the town?"


def slipped(words: str) -> str:
    """The same words with a letter too many in one of them."""
    first, *others = words.split()
    for letter in ascii_lowercase:
        typed = " ".join([first + letter, *others])
        if spelling(typed).mended:
            return typed
    raise AssertionError("every letter makes another word")


def test_words_are_typed_back_wrongly_then_rightly_and_mended_later(
    people: People, script: bool
) -> None:
    author = people.visitor(script)
    receipt = author.shares(STORY)
    author.types_back(slipped(receipt.words))
    expect(author.page.get_by_role("status")).to_contain_text("Word 1 is different.")
    expect(author.page.locator(".receipt-words strong")).to_have_text(receipt.words.split()[0])
    expect(author.page.locator(".receipt-words li")).to_have_count(6)
    author.types_back(receipt.words.upper().replace(" ", "-"))
    expect(author.page.get_by_role("heading", name="Your words are right")).to_be_visible()
    expect(author.page.locator(".receipt-words")).to_have_count(0)

    author.looks_up(slipped(receipt.words))
    expect(author.page.get_by_text("Did you mean")).to_be_visible()
    author.page.get_by_role("button", name="Look it up that way").click()
    expect(author.post(receipt)).to_contain_text("Waiting to be read")
    assert receipt.words not in author.page.content()


@WITHOUT_SCRIPT
def test_an_author_agrees_to_what_a_moderator_suggests_and_that_goes_up(
    people: People, script: bool
) -> None:
    author, title = people.visitor(script), f"Counting walks {'with' if script else 'without'}"
    receipt = author.shares(STORY, title)
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.suggests(SUGGESTED, words=MESSAGE)

    author.looks_up(receipt.words)
    mine = author.post(receipt)
    expect(mine).to_contain_text("Nothing goes up unless you agree.")
    expect(mine.locator(".message")).to_contain_text("Could you leave out the name of the town?")
    expect(mine.locator("del")).to_contain_text("Millfield.")
    expect(mine.locator("ins")).to_contain_text("a small town.")
    author.presses(receipt, "Yes, publish it like this")
    expect(author.post(receipt)).to_contain_text(GOES_UP)

    robin.publishes()
    reader = people.reader(script)
    reader.finds_in_the_list(title)
    expect(reader.story).to_contain_text("I grew up in a small town.")
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("On the site")


@WITHOUT_SCRIPT
def test_words_that_could_show_somebody_are_taken_out_and_their_author_is_told(
    people: People, script: bool
) -> None:
    author, title = people.visitor(script), f"Letters {'with' if script else 'without'}"
    receipt = author.shares(f"{EMAIL} is where I can be found.\n\nIt got lighter.", title)
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.settles(1, OTHERWISE, "This site")
    robin.checks_the_review()
    expect(robin.page.locator(".message")).to_contain_text(TOLD)
    robin.does_it()
    robin.publishes()

    reader = people.reader(script)
    reader.finds_in_the_list(title)
    expect(reader.story).to_contain_text("This site is where I can be found.")
    author.looks_up(receipt.words)
    mine = author.post(receipt)
    expect(mine).to_contain_text("On the site")
    expect(mine.locator(".message")).to_contain_text(TOLD)
    taken_out = mine.get_by_role("region", name="What we took out")
    expect(taken_out.locator("del")).to_contain_text(EMAIL)
    expect(taken_out.locator("ins")).to_contain_text("This site")
    expect(taken_out).to_contain_text("It got lighter.")


def test_agreeing_to_changes_of_a_post_of_danger_leads_to_a_second_reading(
    people: People, house: House
) -> None:
    author = people.visitor(script=False)
    (receipt,) = share_all(house, DANGER)
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.suggests(f"That was a very hard night for me. {DANGER}")
    robin.sees("A pause for you")
    author.looks_up(receipt.words)
    author.presses(receipt, "Yes, publish it like this")
    expect(author.post(receipt)).to_contain_text(messages()["waiting-second"].label)


def test_an_author_changes_what_was_suggested_and_sends_it_again(people: People) -> None:
    author = people.visitor(script=False)
    receipt = author.shares(STORY)
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.suggests(SUGGESTED)
    author.looks_up(receipt.words)
    author.presses(receipt, "Change it myself")
    expect(author.story).to_have_value(SUGGESTED)
    author.story.fill("")
    send = author.page.get_by_role("button", name="Send it to be read again")
    send.click()
    author.error("body").click()
    expect(author.story).to_be_focused()
    author.story.fill("I grew up by the sea, and I counted walks there.")
    send.click()
    expect(author.page.get_by_text(messages()["received-again"].label)).to_be_visible()
    author.page.get_by_role("button", name="See everything under your receipt").click()
    expect(author.post(receipt)).to_contain_text("Waiting to be read")


def test_a_story_that_was_sent_back_is_changed_and_read_again(people: People) -> None:
    author = people.visitor(script=False)
    receipt = author.shares(STORY, topic="Grief")
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.writes("Return with a message", MESSAGE)
    robin.decides("Return with a message")

    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("Sent back to you")
    author.presses(receipt, "Change it and send it again")
    expect(author.page.locator(".message")).to_contain_text("leave out the name of the town?")
    expect(author.story).to_have_value(STORY)
    expect(author.page.get_by_label("Grief", exact=True)).to_be_checked()
    author.story.fill(SUGGESTED)
    author.page.get_by_role("button", name="Send it to be read again").click()
    expect(author.page.get_by_text(messages()["received-again"].label)).to_be_visible()

    robin.holds(receipt.pen_name)
    assert robin.pane("As typed").locator(".as-typed").text_content() == SUGGESTED
    assert "Millfield" not in robin.pane("As typed").inner_text()


@pytest.mark.parametrize("refuses", [True, False], ids=["own refusal", "declined"])
def test_what_is_not_published_can_be_read_once_more_by_somebody_else(
    people: People, refuses: bool
) -> None:
    author = people.visitor(script=refuses)
    receipt = author.shares(STORY)
    robin = people.without_script(people.moderator("Robin"))
    sam = people.without_script(people.moderator("Sam"))
    robin.holds(receipt.pen_name)
    if refuses:
        robin.suggests(SUGGESTED)
        author.looks_up(receipt.words)
        author.presses(receipt, "No, leave it unpublished")
    else:
        robin.writes("Decline with a message", "Thank you. We cannot publish this one here.")
        robin.decides("Decline with a message")
        author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("Not published")
    author.asks_again(receipt)
    expect(author.post(receipt)).to_contain_text("A different person will read it.")
    expect(author.post(receipt).get_by_text(messages()["second-look"].label)).to_have_count(0)

    robin.opens(receipt.pen_name)
    expect(robin.page.get_by_role("button", name="Check before approving")).to_have_count(0)
    sam.holds(receipt.pen_name)
    sam.approves()
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text(GOES_UP)


def test_everything_under_six_words_is_erased_at_once(people: People) -> None:
    author = people.visitor(script=True)
    first = author.shares(STORY)
    author.opens_the_form()
    author.writes("A later chapter, that I may not want to keep.")
    author.page.get_by_label("Shared here before?").fill(first.words)
    author.presses_send()
    expect(author.page.get_by_text("It is kept under your receipt")).to_be_visible()
    second = replace(first, pen_name=author.pen_name())

    author.looks_up(first.words)
    for receipt in (first, second):
        expect(author.post(receipt)).to_be_visible()
    author.erases_everything()
    expect(author.page.get_by_role("heading", name=messages()["erased"].label)).to_be_visible()
    author.looks_up(first.words)
    expect(author.page.get_by_role("alert")).to_contain_text("We found nothing")
    robin = people.without_script(people.moderator("Robin"))
    robin.opens_the_queue()
    for receipt in (first, second):
        expect(robin.card(receipt.pen_name)).to_have_count(0)
