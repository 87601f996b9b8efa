"""Two at the desk at once: second readings, conflicts that explain themselves, lost sessions."""

from playwright.sync_api import expect

from forum.post import Act
from moderation.door.wording import COMES_TO
from tests.journeys.conftest import People
from tests.journeys.crowd import share_all
from tests.journeys.house import House
from tests.journeys.moderator import OTHERWISE, Moderator
from tests.journeys.tour import DANGER
from tests.journeys.visitor import GOES_UP, Receipt

RETURN = "Return with a message"
MESSAGE = "Could you leave out the name of the street, please?"
LONG = "I read this twice, and the part about the radio stays with me. " * 12
EMAIL = "walker@example.org"
WITH_ADDRESS = f"{DANGER}\n\nThat was in spring. Now I can say it. {EMAIL} was my address."
CARE = "A pause for you"


def test_the_second_to_hold_a_post_is_told_who_reads_it(people: People) -> None:
    receipt = people.visitor().shares("A story that two people want to read at once.")
    robin, sam = people.moderator("Robin"), people.moderator("Sam")
    sam.opens(receipt.pen_name)
    robin.holds(receipt.pen_name)

    sam.page.get_by_role("button", name="Hold this to decide").click()
    expect(sam.heading()).to_have_text("Somebody else is reading this")
    expect(sam.page.get_by_text(f"{robin.name} holds this post now")).to_be_visible()
    sam.opens(receipt.pen_name)
    expect(sam.page.get_by_role("button", name="Check before approving")).to_have_count(0)


def test_the_second_to_decide_keeps_their_words_and_changes_nothing(people: People) -> None:
    author = people.visitor()
    receipt = author.shares("A story that two people decide at once.")
    robin = people.without_script(people.moderator("Robin"))
    sam = people.without_script(people.moderator("Sam"))
    robin.holds(receipt.pen_name)
    tabs = robin, robin.in_another_tab(), robin.in_another_tab()
    for tab in tabs:
        tab.opens(receipt.pen_name)
        tab.writes(RETURN, MESSAGE)
    tabs[1].checks(RETURN)
    expect(tabs[1].page.get_by_text(MESSAGE)).to_be_visible()
    tabs[2].gives_it_back()
    sam.holds(receipt.pen_name)

    tabs[0].checks(RETURN)
    expect(tabs[0].heading()).to_have_text("Somebody else is reading this")
    expect(tabs[0].kept_words()).to_have_value(MESSAGE)

    sam.approves()
    sam.is_at_the_queue()
    tabs[1].does_it()
    expect(tabs[1].heading()).to_have_text("This post has changed since you opened it")
    expect(tabs[1].kept_words()).to_have_value(MESSAGE)
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text(GOES_UP)
    expect(author.post(receipt)).not_to_contain_text(MESSAGE)


def test_a_message_outlives_the_end_of_its_session(people: People) -> None:
    receipt = people.visitor().shares("A story whose moderator writes for a long time.")
    robin = people.moderator("Robin")
    robin.holds(receipt.pen_name)
    robin.writes(RETURN, MESSAGE)
    elsewhere = robin.in_another_tab()
    elsewhere.opens_the_queue()
    elsewhere.signs_out()

    robin.checks(RETURN)
    expect(robin.heading()).to_have_text("You are signed out")
    expect(robin.kept_words()).to_have_value(MESSAGE)


def three(people: People) -> list[Moderator]:
    """As many as it takes where two must agree."""
    return [people.moderator(name) for name in ("Robin", "Sam", "Kim")]


def approves(moderator: Moderator, receipt: Receipt) -> None:
    """Read and approve a post of danger, and be led to a pause."""
    moderator.holds(receipt.pen_name)
    moderator.approves()
    moderator.sees(CARE)


def test_a_post_of_danger_goes_up_when_a_second_approves_the_same_words(
    people: People, house: House
) -> None:
    author, (robin, sam, _) = people.visitor(), three(people)
    (receipt,) = share_all(house, DANGER, title="The night I stayed")
    approves(robin, receipt)
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("Being read by a second person")

    sam.opens(receipt.pen_name)
    expect(sam.page.get_by_text(f"{robin.name} has approved exactly these words.")).to_be_visible()
    approves(sam, receipt)
    sam.publishes()
    people.reader().finds_in_the_list("The night I stayed")
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("On the site")


def test_whoever_changes_the_words_counts_as_neither_of_the_two(
    people: People, house: House
) -> None:
    robin, sam, kim = three(people)
    (receipt,) = share_all(house, WITH_ADDRESS)
    robin.holds(receipt.pen_name)
    robin.leaves_all_marked()
    robin.settles(3, OTHERWISE, "This house")
    robin.checks_the_review()
    expect(robin.page.get_by_text(COMES_TO[Act.ASK_SECOND])).to_be_visible()
    robin.does_it()
    robin.sees(CARE)

    approves(sam, receipt)
    stands(kim, receipt, "Second reading")
    robin.opens(receipt.pen_name)
    expect(robin.page.get_by_text("You have done your part.")).to_be_visible()
    expect(robin.page.get_by_text(f"Changed by {robin.name}.")).to_be_visible()

    house.minutes_pass(6)
    robin.holds(receipt.pen_name)
    robin.leaves_all_marked()
    robin.checks_the_review()
    robin.sees("Somebody else must decide this")
    house.minutes_pass(31)
    kim.signs_in()
    approves(kim, receipt)
    stands(kim, receipt, "Approved")


def stands(moderator: Moderator, receipt: Receipt, state: str) -> None:
    """The post's card says that it stands so."""
    moderator.opens_the_queue({"Approved": "approved", "Second reading": "second"}[state])
    expect(moderator.card(receipt.pen_name)).to_contain_text(state)


def test_a_session_that_runs_out_over_a_long_message_loses_none_of_it(
    people: People, house: House
) -> None:
    (receipt,) = share_all(house, "A story that takes a long answer, in my lane by the harbour.")
    robin = people.moderator("Robin")
    robin.holds(receipt.pen_name)
    robin.writes(RETURN, LONG)
    house.minutes_pass(31)
    robin.checks(RETURN)
    robin.sees("You are signed out")
    kept = robin.kept_words().input_value()
    assert kept.strip() == LONG.strip()

    robin.signs_in()
    robin.holds(receipt.pen_name)
    robin.writes(RETURN, kept)
    robin.decides(RETURN)
    robin.is_at_the_queue()
    author = people.visitor(script=False)
    author.looks_up(receipt.words)
    expect(author.post(receipt).locator(".message")).to_contain_text(LONG.strip())
