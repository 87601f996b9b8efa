"""Stopping and starting again, politely or by a power cut, loses nothing that was answered."""

from playwright.sync_api import expect

from tests.journeys.conftest import People
from tests.journeys.house import House

TITLE = "The kettle"


def test_a_restart_keeps_stories_receipts_and_sessions(people: People, house: House) -> None:
    author, robin = people.visitor(), people.moderator("Robin")
    up = author.shares("There is a kettle on the ward, and somebody fills it.", TITLE)
    robin.approves_and_publishes(up.pen_name)
    author.opens_the_form()
    author.writes("Words that are being typed while the machine is restarted.")

    assert house.stop() == 0
    house.start()
    assert people.reader().finds_in_the_list(TITLE)
    waiting = author.sends()
    for receipt, stands in ((up, "On the site"), (waiting, "Waiting to be read")):
        author.looks_up(receipt.words)
        expect(author.post(receipt)).to_contain_text(stands)
    robin.holds(waiting.pen_name)


def test_a_story_that_was_answered_outlives_a_power_cut(people: People, house: House) -> None:
    author = people.visitor()
    receipt = author.shares("The power goes out in the very moment that I see my six words.")
    house.kill()
    house.start()
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("Waiting to be read")
    robin = people.moderator("Robin")
    robin.holds(receipt.pen_name)
    expect(robin.pane("As typed")).to_contain_text("The power goes out in the very moment")
