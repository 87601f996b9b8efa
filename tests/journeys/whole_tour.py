"""Everything that `tour` leads to, opened by the people of one house."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys import tour
from tests.journeys.conftest import People

AND = {
    "stages": "/stages/",
    "stage": "/stages/years-on/",
    "arc": "/arcs/upward/",
    "one thing that helped": "/helped/nature/",
    "no story here": "/topics/gambling/",
    "story that mentions suicide": "/stories/examplestranger2/",
}
"""Pages of which the tour shows one like them; the last leads to help twice, and has its blocks."""


def opened_by(people: People) -> dict[str, Page]:
    """Every kind of page outside the desk, each in a tab."""
    author, robin, reader = people.visitor(), people.moderator("Robin"), people.reader()
    up = author.shares(tour.STORY, tour.TITLE)
    robin.approves_and_publishes(up.pen_name)
    offered, declined = (author.shares(tour.SECOND) for _ in range(2))
    robin.holds(offered.pen_name)
    robin.suggests(tour.SECOND.replace("spring", "last spring"), words="Is this right?")
    robin.holds(declined.pen_name)
    robin.writes("Decline with a message", "Thank you. We cannot publish this one here.")
    robin.decides("Decline with a message")
    path = reader.finds_in_the_list(tour.TITLE)
    tabs = {
        **tour.of_a_reader(reader, path),
        **tour.of_a_visitor(author, up),
        **tour.of_a_bad_night(author),
        **tour.of_an_author(author, offered, declined),
        **tour.of_a_reporter(reader, path),
    }
    for name, address in AND.items():
        tabs[name] = reader.page.context.new_page()
        tabs[name].goto(reader.site + address)
    return tabs
