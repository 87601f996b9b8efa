"""Every page of the desk in every state it has, one after the other, for whoever looks at them all.

Each part of the way yields a name and the tab in which that page is open just then; the next step
moves on in the same tab.
"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.journeys.conftest import People
from tests.journeys.crowd import share_all
from tests.journeys.desk_team_tour import team_way
from tests.journeys.moderator import OTHERWISE, Moderator
from tests.journeys.tour import DANGER, SECOND, TELLING
from tests.journeys.visitor import Receipt

SETTINGS = {"HANDRAIL_UNPROVEN_A_MINUTE": "60", "HANDRAIL_HARD_MINUTES": "60"}
"""What the way needs of its house."""
FLOOD = "Come to the blue door by the old harbour, they have whatever you need tonight, number"
THANKS = "Thank you for telling this. The part about the radio stays with me."
RETURN, DECLINE, TAKE_DOWN = (
    f"{word} with a message" for word in ("Return", "Decline", "Take down")
)
ESCALATE = "Escalate: this can never be published"

Way = Iterator[tuple[str, Page]]


def whole_way(people: People) -> Way:
    """All of it, in an order in which each page comes about by itself."""
    robin = people.moderator("Robin")
    yield from nothing_yet(people, robin)
    story, flood, _ = share_all(people.house, SECOND, *(f"{FLOOD} {n}" for n in range(2)))
    (telling,) = share_all(people.house, TELLING, topic="anxiety")
    (danger,) = share_all(people.house, DANGER, topic="depression")
    sam = people.moderator("Sam")
    yield from second_reading(people, robin, sam, danger)
    yield from queue(people, robin)
    yield from reading(robin, sam, telling)
    yield from marked_words(robin, telling)
    yield from messages(robin, telling)
    yield from conflicts(people, robin, sam, danger)
    yield from published(people, robin, sam, story)
    yield from in_danger(people)
    yield from alike(robin, flood)
    yield from learning(robin)
    yield from rests(people)
    yield from team_way(people, robin)


def nothing_yet(people: People, robin: Moderator) -> Way:
    """The entrance, and the first evening."""
    newcomer = people.page()
    newcomer.goto(people.house.invitation())
    yield "enrol", newcomer
    for name, where in {"queue": "", "numbers": "numbers", "record": "record?what=approve"}.items():
        robin.goes_to(where)
        yield f"{name}, empty", robin.page


def second_reading(people: People, robin: Moderator, sam: Moderator, danger: Receipt) -> Way:
    """Two people where two must agree and three must be there, and the pause after it."""
    robin.holds(danger.pen_name)
    robin.leaves_all_marked()
    robin.checks_the_review()
    yield "check, for a second reader", robin.page
    robin.does_it()
    robin.sees("A pause for you")
    yield "pause", robin.page
    sam.opens(danger.pen_name)
    yield "card, second reading", sam.page
    sam.holds(danger.pen_name)
    yield "opened, second reading", sam.page
    sam.leaves_all_marked()
    sam.checks_the_review()
    sam.sees("This has to wait for a third person")
    yield "conflict, too few", sam.page
    sam.opens(danger.pen_name)
    sam.gives_it_back()
    people.house.minutes_pass(4)
    robin.goes_to("pause")
    yield "pause, nearly over", robin.page
    people.house.minutes_pass(2)
    robin.goes_to("pause")
    robin.sees("The pause is over")
    yield "pause, over", robin.page


def queue(people: People, robin: Moderator) -> Way:
    """What waits, and finding some of it."""
    robin.opens_the_queue()
    yield "queue, full", robin.page
    robin.page.keyboard.press("?")
    yield "keys", robin.page
    for name, query in {
        "queue, filtered": "?topic=alcohol",
        "queue, nothing found": "?topic=gambling",
        "queue, no such id": "?id=nothinglikeit",
        "queue, of a state": "?show=second",
    }.items():
        robin.goes_to(query)
        yield name, robin.page
    people.house.command("close")
    robin.opens_the_queue()
    yield "queue, form closed", robin.page
    people.house.command("open")


def reading(robin: Moderator, sam: Moderator, telling: Receipt) -> Way:
    """One post, from its card to everything that its page can unfold."""
    robin.opens(telling.pen_name)
    yield "card", robin.page
    robin.reads_along(telling.pen_name)
    yield "opened, to read along", robin.page
    robin.holds(telling.pen_name)
    yield "opened", robin.page
    sam.opens(telling.pen_name)
    yield "card, held by somebody", sam.page
    unfolds(robin.page)
    yield "opened, everything unfolded", robin.page
    robin.checks_the_review()
    yield "opened, undecided", robin.page
    robin.goes_to("you")
    robin.page.get_by_label("Keep them folded away until I open them").uncheck()
    robin.page.get_by_role("button", name="Keep my choices").click()
    yield "you, choices kept", robin.page
    robin.opens(telling.pen_name)
    yield "opened, marked words in sight", robin.page


def unfolds(page: Page) -> None:
    """Open everything that can be unfolded."""
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")


def marked_words(robin: Moderator, telling: Receipt) -> Way:
    """What decisions about marked words come to, before they are done."""
    robin.leaves_all_marked()
    robin.checks_the_review()
    yield "check, approve", robin.page
    goes_back(robin)
    yield "opened, back from the check", robin.page
    first = robin.page.locator(".stretch").first
    first.get_by_label(OTHERWISE).check()
    first.get_by_label("What to put there").fill("who is close to me")
    robin.checks_the_review()
    yield "check, with changes", robin.page
    goes_back(robin)
    first.get_by_label("What to put there").fill("too long " * 22)
    robin.page.locator("#review input[maxlength]").first.evaluate(
        "box => { box.removeAttribute('maxlength'); box.value = 'too long '.repeat(40); }"
    )
    robin.checks_the_review()
    yield "opened, a replacement too long", robin.page
    robin.opens(telling.pen_name)


def goes_back(robin: Moderator) -> None:
    """From the check page to the form, as it was."""
    robin.page.get_by_role("button", name="Back, and change something").click()


def messages(robin: Moderator, telling: Receipt) -> Way:
    """What each decision that says something comes to, and the forms that came back."""
    here = robin.page.url
    robin.writes(RETURN, THANKS, "It could show who someone is")
    robin.checks(RETURN)
    yield "check, return", robin.page
    goes_back(robin)
    yield "opened, back to a message", robin.page
    for decision in (DECLINE, ESCALATE):
        robin.page.goto(here)
        robin.writes(decision, THANKS)
        robin.checks(decision)
        yield f"check, {decision}", robin.page
    robin.page.goto(here)
    robin.writes(DECLINE, "")
    robin.checks(DECLINE)
    yield "opened, nothing said", robin.page
    robin.page.goto(here)
    robin.rewrites(TELLING.replace("Priya", "who is close to me"), "A drive", THANKS)
    yield "check, suggestion", robin.page
    robin.does_it()
    robin.is_at_the_queue()
    yield "queue, done", robin.page
    robin.page.goto(here)
    robin.page.get_by_role("button", name="Open the text").click()
    yield "opened, offered", robin.page
    robin.undoes()
    robin.gives_it_back()


def conflicts(people: People, robin: Moderator, sam: Moderator, danger: Receipt) -> Way:
    """Two people at one post, a decision that comes too late, and an address that leads nowhere."""
    (both,) = share_all(people.house, SECOND)
    sam.opens(both.pen_name)
    robin.holds(both.pen_name)
    sam.page.get_by_role("button", name="Hold this to decide").click()
    yield "conflict, held", sam.page
    second = robin.in_another_tab()
    second.opens(both.pen_name)
    second.writes(RETURN, THANKS)
    robin.approves()
    robin.is_at_the_queue()
    second.checks(RETURN)
    yield "conflict, moved on", second.page
    people.house.minutes_pass(2)
    robin.undoes()
    yield "conflict, too late", robin.page
    robin.holds(danger.pen_name)
    robin.leaves_all_marked()
    robin.checks_the_review()
    yield "conflict, needs another", robin.page
    robin.goes_to("post/aaaaaaaaaaaaaaaa")
    yield "gone", robin.page


def published(people: People, robin: Moderator, sam: Moderator, story: Receipt) -> Way:
    """The press, a report, a story taken down, an appeal, and what an author took back."""
    robin.goes_to("publish")
    yield "publish, before", robin.page
    robin.approves_and_publishes(story.pen_name)
    yield "publish, done", robin.page
    reader, author = people.reader(script=False), people.visitor(script=False)
    path = reader.finds_untitled(story.pen_name)
    reader.reports(path, "It could hurt someone", "The last line says how much.")
    robin.opens_the_queue()
    yield "queue, reported", robin.page
    robin.holds(story.pen_name)
    here = robin.page.url
    yield "opened, reported", robin.page
    robin.checks_the_review()
    yield "check, keep", robin.page
    goes_back(robin)
    robin.writes(TAKE_DOWN, THANKS)
    robin.checks(TAKE_DOWN)
    yield "check, take down", robin.page
    robin.does_it()
    robin.is_at_the_queue()
    author.looks_up(story.words)
    author.asks_again(story)
    robin.page.goto(here)
    yield "card, an appeal of one's own", robin.page
    sam.holds(story.pen_name)
    yield "opened, an appeal", sam.page
    sam.gives_it_back()
    author.looks_up(story.words)
    author.takes_back(story)
    robin.page.goto(here)
    yield "erased", robin.page


def in_danger(people: People) -> Way:
    """The steps, the pause, and how it ended."""
    lee = people.moderator("Lee")
    lee.goes_to("runbook")
    yield "runbook", lee.page
    (urgent,) = share_all(people.house, f"{DANGER} It is me again.")
    lee.holds(urgent.pen_name)
    here = lee.page.url
    yield "opened, in danger", lee.page
    lee.escalates()
    lee.sees("A pause for you")
    lee.takes(lee_may_not_take(people))
    yield "rest, pause", lee.page
    lee.page.goto(here)
    yield "escalated", lee.page
    lee.page.get_by_label("No means of contact").check()
    lee.page.get_by_role("button", name="Write it down").click()
    lee.sees("A pause for you")
    lee.page.goto(here)
    yield "escalated, concluded", lee.page


def lee_may_not_take(people: People) -> str:
    """Something that waits."""
    (waiting,) = share_all(people.house, SECOND)
    return waiting.pen_name


def alike(robin: Moderator, flood: Receipt) -> Way:
    """A flood, declined as one."""
    robin.opens_those_alike(flood.pen_name)
    yield "alike", robin.page
    for box in robin.page.get_by_role("checkbox").all():
        box.uncheck()
    robin.page.get_by_role("button", name="Decline those that are ticked").click()
    yield "alike, nothing ticked", robin.page
    for box in robin.page.get_by_role("checkbox").all():
        box.check()
    robin.declines_those_ticked()
    yield "queue, a flood declined", robin.page
    robin.undoes()
    yield "queue, a flood undone", robin.page


def learning(robin: Moderator) -> Way:
    """Practice, the guide, and what is kept about the desk's work."""
    for name, where in {
        "practice": "practice",
        "practice, a post": "practice/01",
        "practice, an answer": "practice/01?choice=decline",
        "practice, a heavy answer": "practice/09?choice=escalate",
        "practice, no such post": "practice/99",
        "guide": "guide",
        "guide, a page": "guide/look-after-yourself",
        "guide, grey areas": "guide/grey-areas",
        "guide, no such page": "guide/nothing",
        "numbers, full": "numbers",
        "record, full": "record",
        "record, checked": "record?check=yes",
    }.items():
        robin.goes_to(where)
        yield name, robin.page


def rests(people: People) -> Way:
    """Every limit, for somebody who goes on and on."""
    heavy, light = share_all(people.house, f"{DANGER} Now.", SECOND, topic="grief")
    lou = people.moderator("Lou", "moderator,safety-lead")
    yield from too_many(lou, heavy, light)
    lou.goes_to("you")
    lou.page.get_by_label("Grief").check()
    lou.page.get_by_role("button", name="Keep my choices").click()
    lou.takes(light.pen_name)
    yield "rest, opted out", lou.page
    for _ in range(9):
        people.house.minutes_pass(5)
        lou.opens_the_queue()
    yield "queue, time for a break", lou.page
    lou.opens(heavy.pen_name)
    yield "card, time for a break", lou.page
    for _ in range(4):
        people.house.minutes_pass(5)
        lou.opens_the_queue()
    lou.takes(light.pen_name)
    yield "rest, enough time", lou.page


def too_many(lou: Moderator, heavy: Receipt, light: Receipt) -> Way:
    """Heavy ones in a row, and in a day."""
    for name in ("rest, in a row", "rest, enough today"):
        lou.holds(light.pen_name)
        lou.gives_it_back()
        for _ in range(3):
            lou.holds(heavy.pen_name)
            lou.gives_it_back()
        yield f"queue before {name}", lou.page
        lou.takes(heavy.pen_name)
        yield name, lou.page
