"""The desk looks after whoever reads: limits, pauses, breaks, practice, and a buddy at first."""

from playwright.sync_api import expect

from forum.post import Act
from moderation.door.wording import COMES_TO
from tests.journeys.conftest import People
from tests.journeys.crowd import share_all
from tests.journeys.house import House
from tests.journeys.tour import DANGER

SETTINGS = {"HANDRAIL_BUDDY_FIRST": "1"}
LIGHT = "There is a kettle on the ward, and somebody fills it."
NO_MEANS = "No means of contact: nothing in the words says who or where"


def test_after_three_heavy_ones_something_lighter_comes_first(people: People, house: House) -> None:
    heavy, more, light = share_all(house, DANGER, f"{DANGER} Again.", LIGHT)
    robin = people.moderator("Robin")
    for _ in range(3):
        robin.holds(heavy.pen_name)
        robin.gives_it_back()
    expect(robin.page.get_by_text("You have read enough heavy ones for now.")).to_be_visible()
    robin.takes(more.pen_name)
    robin.sees("Something lighter first")
    expect(robin.page.get_by_text("There are light ones in the queue")).to_be_visible()
    robin.opens(more.pen_name)
    robin.page.get_by_role("button", name="Read along, without holding it").click()
    robin.sees("Something lighter first")

    robin.holds(light.pen_name)
    robin.gives_it_back()
    robin.holds(more.pen_name)
    robin.gives_it_back()
    for _ in range(2):
        robin.holds(heavy.pen_name)
        robin.gives_it_back()
    robin.takes(more.pen_name)
    robin.sees("No more heavy ones today")
    robin.goes_to("you")
    expect(robin.pane("Your day")).to_contain_text("Today: 6 heavy posts")
    robin.holds(light.pen_name)


def test_after_an_urgent_one_come_the_steps_a_pause_and_an_honest_ending(
    people: People, house: House
) -> None:
    urgent, other = share_all(house, DANGER, LIGHT)
    robin = people.moderator("Robin")
    robin.holds(urgent.pen_name)
    robin.page.get_by_role("link", name="What to do, step by step").click()
    robin.sees("If someone may be in danger")
    robin.opens(urgent.pen_name)
    here = robin.page.url
    robin.escalates()
    robin.sees("A pause for you")
    expect(robin.page.get_by_role("heading", name="A line for you to call")).to_be_visible()
    author = people.visitor(script=False)
    author.looks_up(urgent.words)
    expect(author.post(urgent)).to_contain_text("It sounds as if someone may not be safe")

    robin.takes(other.pen_name)
    robin.sees("Your pause is not over yet")
    robin.page.goto(here)
    expect(robin.page.get_by_text("Call a second person,")).to_be_visible()
    robin.page.get_by_label(NO_MEANS).check()
    robin.page.get_by_role("button", name="Write it down").click()
    robin.sees("A pause for you")
    robin.page.goto(here)
    expect(robin.pane("What was decided")).to_contain_text(NO_MEANS.lower())
    house.minutes_pass(6)
    robin.goes_to("pause")
    robin.sees("The pause is over")
    robin.holds(other.pen_name)


def test_a_decision_about_an_urgent_one_can_be_undone_from_the_pause(
    people: People, house: House
) -> None:
    (urgent,) = share_all(house, DANGER)
    robin = people.moderator("Robin")
    robin.holds(urgent.pen_name)
    robin.escalates()
    robin.sees("A pause for you")
    robin.undoes()
    robin.sees(f"Story by {urgent.pen_name}")
    expect(robin.page.get_by_text("You hold this for")).to_be_visible()


def test_after_a_long_while_a_break_is_suggested_and_a_real_one_ends_that(
    people: People, house: House
) -> None:
    robin = people.moderator("Robin")
    banner = robin.page.get_by_role("complementary", name="Time for a break")
    for _ in range(9):
        expect(banner).to_have_count(0)
        house.minutes_pass(5)
        robin.opens_the_queue()
    expect(banner).to_contain_text("You have been here 45 minutes.")
    house.minutes_pass(16)
    robin.opens_the_queue()
    expect(banner).to_have_count(0)


def test_practice_answers_every_choice_and_the_guide_says_more(people: People) -> None:
    robin = people.without_script(people.moderator("Robin"))
    robin.goes_to("practice")
    cards = robin.page.locator(".card")
    expect(cards).to_have_count(10)
    cards.first.get_by_role("link").click()
    expect(robin.page.get_by_text("This post is made up.")).to_be_visible()
    robin.page.get_by_text("Open the text").click()
    robin.page.get_by_label("Decline", exact=True).check()
    robin.page.get_by_role("button", name="See what we think").click()
    answer = robin.page.locator("#answer")
    expect(answer.get_by_role("heading").first).to_contain_text("Decline:")
    expect(answer).to_contain_text("The other choices")

    robin.goes_to("guide")
    robin.page.get_by_role("link", name="Look after yourself").first.click()
    robin.sees("Look after yourself")
    robin.page.get_by_role("link", name="Practise").last.click()
    robin.sees("Practise")


def test_a_buddy_reads_along_with_the_first_decision_of_somebody_new(
    people: People, house: House
) -> None:
    first, second, other = share_all(house, LIGHT, f"{LIGHT} Twice.", f"{LIGHT} Thrice.")
    sam, robin = people.moderator("Sam"), people.moderator("Robin")
    sam.holds(other.pen_name)
    sam.writes("Decline with a message", "Thank you for this.")
    sam.decides("Decline with a message")

    robin.holds(first.pen_name)
    robin.checks_the_review()
    expect(robin.page.get_by_text(COMES_TO[Act.ASK_SECOND])).to_be_visible()
    robin.does_it()
    expect(robin.page.get_by_role("status")).to_contain_text("now Second reading")
    sam.holds(first.pen_name)
    sam.approves()
    expect(sam.page.get_by_role("status")).to_contain_text("now Approved")
    robin.holds(second.pen_name)
    robin.approves()
    expect(robin.page.get_by_role("status")).to_contain_text("now Approved")
