"""The people of the desk: invited with roles, a second passkey, a lost one, off the team."""

from playwright.sync_api import Locator, expect

from tests.journeys.conftest import People
from tests.journeys.crowd import share_all
from tests.journeys.house import House
from tests.journeys.moderator import Moderator

COORDINATES = "moderator,coordinator"
MESSAGE = "I read this twice. The part about the kettle stays with me."


def invites(coordinator: Moderator, *roles: str) -> str:
    """A link for somebody with these roles, copied from the page that shows it once."""
    coordinator.goes_to("team")
    choices = coordinator.page.get_by_role("group", name="What they will be")
    for box in choices.get_by_role("checkbox").all():
        box.uncheck()
    for role in roles:
        choices.get_by_label(role).check()
    coordinator.page.get_by_role("button", name="Make a link").click()
    coordinator.sees("A link for somebody new")
    return coordinator.page.get_by_label("The link").input_value()


def line(moderator: Moderator, about: Moderator) -> Locator:
    """What the team's page says of somebody."""
    return moderator.page.get_by_role("main").get_by_role("listitem").filter(has_text=about.name)


def test_a_coordinator_who_does_not_read_sees_people_and_numbers_and_no_post(
    people: People, house: House
) -> None:
    robin, sam = people.moderator("Robin", COORDINATES), people.newcomer("Sam")
    share_all(house, "A story that is none of a coordinator's business.")
    sam.makes_a_passkey(invites(robin, "Coordinator"))
    sam.sees("Team")
    links = sam.page.get_by_role("navigation", name="Desk").get_by_role("link")
    assert links.all_inner_texts() == [
        *("Guide", "Practice", "Numbers", "Record", "Team", sam.name),
    ]
    for where, heading in (("record", "Record"), ("numbers", "Numbers")):
        sam.goes_to(where)
        sam.sees(heading)
    expect(sam.page.get_by_text("A story that is none")).to_have_count(0)
    sam.opens_the_queue()
    sam.sees("This is somebody else's page")
    expect(sam.page.get_by_text("This page is for moderators and safety leads.")).to_be_visible()
    sam.page.get_by_role("link", name="Go to where your work begins").click()
    sam.sees("Team")


def test_a_second_passkey_lets_somebody_in_when_the_first_is_lost(people: People) -> None:
    robin = people.moderator("Robin")
    robin.goes_to("you")
    robin.has_a_device()
    robin.page.get_by_label("What will you call it?").fill("my phone")
    robin.page.get_by_role("button", name="Add a passkey").click()
    expect(robin.page.get_by_role("status").first).to_contain_text("Your new passkey is kept.")
    expect(robin.page.get_by_role("button", name="Remove my phone")).to_be_visible()
    robin.signs_out()
    robin.signs_in()


def test_two_others_let_somebody_back_in_who_lost_the_only_passkey(people: People) -> None:
    robin, sam, kim = (people.moderator(name) for name in ("Robin", "Sam", "Kim"))
    robin.goes_to("team")
    robin.says_lost(sam)
    expect(line(robin, sam)).to_contain_text("Somebody else has to agree within a day.")
    expect(line(robin, sam).get_by_role("button", name="I agree")).to_have_count(0)
    kim.goes_to("team")
    line(kim, sam).get_by_role("button", name="I agree").click()
    kim.sees(f"A link for {sam.name}")
    link = kim.page.get_by_label("The link").input_value()

    again = people.page()
    found = Moderator(again, sam.site, sam.name)
    found.has_a_device()
    again.goto(link)
    found.sees(f"A new passkey for {sam.name}")
    again.get_by_role("button", name="Make a passkey").click()
    found.is_at_the_queue()
    sam.opens_the_queue()
    sam.sees("Sign in")
    found.signs_out()
    found.signs_in()


def test_somebody_taken_off_the_team_while_at_work_is_told_and_keeps_their_words(
    people: People, house: House
) -> None:
    (receipt,) = share_all(house, "There is a kettle on the ward, and somebody fills it.")
    coordinator, sam = people.moderator("Robin", COORDINATES), people.moderator("Sam")
    sam.holds(receipt.pen_name)
    sam.writes("Return with a message", MESSAGE)
    coordinator.goes_to("team")
    line(coordinator, sam).get_by_role("link", name="Change roles or remove").click()
    coordinator.page.get_by_role("link", name=f"Take {sam.name} off the team").click()
    coordinator.page.get_by_role("button", name=f"Take {sam.name} off the team").click()
    expect(coordinator.page.get_by_role("status")).to_contain_text("not in the team any more")
    expect(coordinator.page.get_by_text(sam.name)).to_have_count(0)

    sam.checks("Return with a message")
    sam.sees("You are signed out")
    expect(sam.kept_words()).to_have_value(MESSAGE)
    sam.opens_the_queue()
    sam.sees("Sign in")
    coordinator.opens_the_queue()
    free = coordinator.card(receipt.pen_name).get_by_role("button", name="Read this one")
    expect(free).to_be_visible()
