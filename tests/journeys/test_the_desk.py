"""At the desk: a minute to think again, floods, suggestions, coming and going."""

from playwright.sync_api import expect

from forum.post import State
from moderation.door.wording import STATES
from tests.journeys.conftest import People
from tests.journeys.house import House
from tests.journeys.moderator import HELD

RETURN = "Return with a message"
MESSAGE = "Could you leave out the name of the street, please?"


def test_a_decision_can_be_taken_back_within_a_minute(people: People) -> None:
    author = people.visitor()
    receipt = author.shares("A story that is approved a little too soon.")
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.approves()
    robin.undoes()
    expect(robin.heading()).to_have_text(f"Story by {receipt.pen_name}")
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("Waiting to be read")
    robin.opens(receipt.pen_name)


def test_changes_are_offered_and_seen_as_what_would_go_and_what_would_come(
    people: People,
) -> None:
    receipt = people.visitor().shares("I lived in Saltmarsh Lane.\n\nIt was a long year there.")
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    here = robin.page.url
    robin.rewrites("Short.", words=MESSAGE)
    expect(robin.page.get_by_role("alert")).to_contain_text("Please write a little more")
    form = robin.form("Suggest changes")
    expect(form.get_by_label("A sentence of your own")).to_have_value(MESSAGE)

    form.get_by_label("Text", exact=True).fill(
        "I lived in a small town.\n\nIt was a long year there."
    )
    robin.decides("Suggest changes")
    robin.is_at_the_queue()
    expect(robin.page.get_by_role("status")).to_contain_text(STATES[State.OFFERED])
    robin.page.goto(here)
    robin.page.get_by_role("button", name="Open the text").click()
    offered = robin.pane("What was suggested")
    expect(offered.locator("del")).to_contain_text("Saltmarsh Lane.")
    expect(offered.locator("ins")).to_contain_text("a small town.")
    expect(offered).to_contain_text("It was a long year there.")
    robin.undoes()
    expect(robin.page.get_by_text(HELD)).to_be_visible()


def test_a_flood_is_declined_and_undone_as_one(people: People) -> None:
    author = people.visitor()
    words = "Come to the blue door by the old harbour, they have whatever you need tonight, number"
    receipts = [author.shares(f"{words} {number}.") for number in range(2)]
    robin = people.without_script(people.moderator("Robin"))
    robin.opens_those_alike(receipts[0].pen_name)
    for receipt in receipts:
        expect(robin.page.get_by_role("checkbox", name=receipt.pen_name)).to_be_checked()
    robin.declines_those_ticked()
    expect(robin.page.get_by_role("status")).to_contain_text("2 posts: now Declined.")
    for receipt in receipts:
        expect(robin.card(receipt.pen_name)).to_have_count(0)

    robin.undoes()
    expect(robin.page.get_by_role("status")).to_contain_text("2 posts are back")
    for receipt in receipts:
        expect(robin.card(receipt.pen_name)).to_have_count(1)


def test_an_undone_story_that_was_up_comes_down_by_itself(people: People) -> None:
    receipt = people.visitor().shares("A story that goes up a little too soon.")
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    here = robin.page.url
    robin.approves()
    robin.is_at_the_queue()
    robin.publishes()
    reader = people.reader()
    path = reader.finds_untitled(receipt.pen_name)

    robin.page.goto(here)
    robin.undoes()
    assert reader.waits_until_gone(path) < 60
    assert path not in reader.everywhere("alcohol")


def test_a_decision_without_words_is_asked_for_again(people: People) -> None:
    receipt = people.visitor().shares("A story that deserves a word of explanation.")
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.writes("Decline with a message", "   ")
    robin.checks("Decline with a message")
    expect(robin.page.get_by_role("alert")).to_contain_text("or write the author a few words")


def test_a_moderator_leaves_and_comes_back_with_the_passkey(people: People) -> None:
    robin = people.moderator("Robin")
    robin.signs_out()
    robin.opens_the_queue()
    expect(robin.heading()).to_have_text("Sign in")
    robin.signs_in()
    expect(robin.page.get_by_text(robin.name)).to_be_visible()


def test_an_invitation_that_was_used_says_so_kindly(people: People, house: House) -> None:
    link = house.invitation()
    people.newcomer("Robin").enrols(link)
    late = people.newcomer("Sam")
    late.page.goto(link)
    expect(late.heading()).to_have_text("This link no longer works")
    expect(late.page.get_by_text("Ask the person who sent it for a new one.")).to_be_visible()


def test_without_script_the_entrance_says_what_it_needs(people: People, house: House) -> None:
    page = people.page(java_script_enabled=False)
    page.goto(f"{house.site}/moderation/")
    # Chromium's switch for tests stops scripts but does not show <noscript>, so ask for its text.
    assert "Signing in needs script" in (page.locator("noscript").text_content() or "")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_disabled()
