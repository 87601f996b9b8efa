"""The rest of the way through the desk: its people, and whoever is turned away."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.journeys.conftest import People
from tests.journeys.crowd import share_all
from tests.journeys.moderator import Moderator
from tests.journeys.tour import SECOND

RETURN = "Return with a message"
WORDS = "Thank you for telling this. The part about the radio stays with me."

Way = Iterator[tuple[str, Page]]


def team_way(people: People, robin: Moderator) -> Way:
    """`robin` is the first moderator, who has every role."""
    robin.comes_back()
    kim, pat = people.moderator("Kim"), people.moderator("Pat")
    yield from team(robin, pat)
    yield from lost(people, robin, kim, pat)
    yield from turned_away(people, robin, kim)


def team(robin: Moderator, pat: Moderator) -> Way:
    """Who is in it, who is invited, and what can be changed."""
    page = robin.page
    robin.goes_to("you")
    yield "you", page
    robin.goes_to("team")
    yield "team", page
    page.get_by_role("button", name="Make a link").click()
    yield "link", page
    robin.goes_to("team")
    page.get_by_role("button", name="Take it back").first.click()
    yield "team, an invitation taken back", page
    page.get_by_label("Moderator: ").uncheck()
    page.get_by_role("button", name="Make a link").click()
    yield "team, no role ticked", page
    page.get_by_role("listitem").filter(has_text=pat.name).get_by_role("link").click()
    yield "member", page
    page.get_by_role("link", name=f"Take {pat.name} off the team").click()
    yield "removal", page
    robin.goes_to("team")
    page.get_by_role("listitem").filter(has_text=robin.name).get_by_role("link").last.click()
    page.get_by_role("link", name="off the team").click()
    yield "removal of oneself", page
    page.get_by_role("button", name="Leave the team").click()
    yield "team, the last coordinator", page


def lost(people: People, robin: Moderator, kim: Moderator, pat: Moderator) -> Way:
    """A passkey is said to be lost, is not, and is."""
    robin.goes_to("team")
    robin.says_lost(pat)
    yield "team, a passkey said to be lost", robin.page
    pat.goes_to("you")
    yield "you, said to have lost it", pat.page
    pat.page.get_by_role("button", name="I still have my passkey").click()
    yield "you, stopped", pat.page
    robin.goes_to("team")
    robin.says_lost(pat)
    kim.goes_to("team")
    yield "team, one to agree to", kim.page
    kim.page.get_by_role("button", name="I agree").click()
    yield "link, a new passkey", kim.page
    again = people.page()
    again.goto(kim.page.get_by_label("The link").input_value())
    yield "enrol, a new passkey", again


def turned_away(people: People, robin: Moderator, kim: Moderator) -> Way:
    """Everybody who cannot go on just now, and why."""
    jo = people.newcomer("Jo")
    jo.makes_a_passkey(people.house.invitation("coordinator"))
    jo.sees("Team")
    yield "team, of a coordinator", jo.page
    jo.opens_the_queue()
    yield "turned away, not theirs", jo.page
    tab = kim.in_another_tab()
    tab.goes_to("you")
    kim.signs_out()
    kim.signs_in()
    tab.page.get_by_role("button", name="Keep my choices").click()
    yield "turned away, an old page", tab.page
    kim.goes_to("team")
    people.house.minutes_pass(16)
    kim.says_lost(robin)
    yield "turned away, not fresh", kim.page
    for name in ("team", "you"):
        kim.goes_to(name)
        yield f"{name}, signed in long ago", kim.page
    robin.goes_to("team")
    robin.page.get_by_role("listitem").filter(has_text=kim.name).get_by_role("link").click()
    yield "member, signed in long ago", robin.page
    (waiting,) = share_all(people.house, SECOND)
    kim.holds(waiting.pen_name)
    kim.writes(RETURN, WORDS)
    people.house.minutes_pass(31)
    kim.checks(RETURN)
    yield "turned away, signed out", kim.page
