"""A seat at the real desk for tests: the app as it is deployed, its own store, somebody signed in.

Nobody makes requests up here: a test opens a page, changes what its form would send, and sends it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from chalice.test import Client, HTTPResponse

from forum.post import Act, Post, Text, moved
from forum.rows import Report
from moderation import app as desk_app
from tests.builders import FakeClock, keep, make_post, make_report, tell
from tests.doors.authenticator import SecurityKey
from tests.doors.desk_door import Door
from tests.doors.seen import Page
from tests.forum.desk_office import Office
from tests.store.adapters import ADAPTERS

PREFIX = "/moderation"


@dataclass
class Seat:
    """Somebody signed in, in a browser that runs no script."""

    name: str
    door: Door

    @property
    def who(self) -> str:
        """The id under which they claim and decide."""
        people = self.door.doorway.people.moderators()
        return next(one.id for one in people if one.name == self.name)

    def open(self, path: str, status: int = 200) -> Page:
        """A page of the desk."""
        answer = self.door.get(path)
        assert answer.status_code == status, answer.body
        return Page(answer.body.decode())

    def page_of(self, answer: HTTPResponse) -> Page:
        """What an answer shows by itself."""
        return Page(answer.body.decode())

    def post(self, post_id: str) -> Page:
        """The page of one post."""
        return self.open(f"/post/{post_id}")

    def csrf(self) -> str:
        """The token that every form shown to them carries."""
        return form_of(self.open("/"), "/sign-out")["csrf"][0]

    def press(self, page: Page, action: str, **changed: object) -> HTTPResponse:
        """Send the form of the page that leads to `action`, with these fields changed."""
        sent = {**form_of(page, action), **changed}
        return self.door.send(action, **sent)

    def follow(self, answer: HTTPResponse) -> Page:
        """The page that an answer leads on to."""
        assert answer.status_code == 303, answer.body
        return self.open(answer.headers["Location"].removeprefix(PREFIX))

    def hold(self, post_id: str) -> Page:
        """Take a post to read it; its page."""
        return self.follow(self.press(self.post(post_id), f"/post/{post_id}/claim"))


@dataclass
class Room:
    """The desk's room: who sits there, and the store behind it."""

    office: Office
    seats: dict[str, Seat] = field(default_factory=dict)

    def seat(self, name: str) -> Seat:
        """Somebody who has just enrolled, or who already sits there."""
        if name not in self.seats:
            door = Door(desk_app.doorway(), self.office.clock, Client(desk_app.app))
            assert door.enrol(SecurityKey(), name).status_code == 200
            self.seats[name] = Seat(name, door)
        return self.seats[name]

    def receive(self, number: int = 0, text: Text | None = None, **given: object) -> Post:
        """A post that has come in, or that already stands elsewhere."""
        return keep(self.office.stores.visitors, make_post(number, **given), text)

    def withdraw(self, post: Post) -> None:
        """Its author takes it back."""
        now = self.office.desk.read(post.id).post
        self.office.stores.holders.withdraw(moved(now, Act.WITHDRAW, now.day))

    def report(self, post: Post, number: int = 0, **given: object) -> Report:
        """A reader's report, as the visitors' door stores it."""
        reports = self.office.stores.reports
        return tell(reports, make_report(number, post_id=post.id, **given))


def form_of(page: Page, action: str) -> dict[str, list[str]]:
    """What the form with this action would send as it stands."""
    forms = [form for form in page.all("form") if form.given.get("action") == PREFIX + action]
    assert forms, f"no form leads to {action}"
    sent: dict[str, list[str]] = {}
    for one in page.all("input", "textarea"):
        ticked = one.given.get("type") != "checkbox" or "checked" in one.given
        if one.inside("form") is forms[0] and ticked:
            sent.setdefault(one.name, []).append(one.value)
    return sent


def leads_to(page: Page) -> set[str]:
    """Where the page's forms lead, without the desk's own frame."""
    actions = {form.given.get("action", "").removeprefix(PREFIX) for form in page.all("form")}
    return actions - {"/sign-out"}


@contextmanager
def open_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """The real app over an empty store in this folder."""
    monkeypatch.setenv("HANDRAIL_DATA", str(folder))
    monkeypatch.delenv("HANDRAIL_STORE", raising=False)
    desk_app.doorway.cache_clear()
    desk_app.desk.cache_clear()
    yield Room(Office(ADAPTERS["sqlite"](folder), FakeClock(), desk_app.desk()))
    desk_app.doorway.cache_clear()
    desk_app.desk.cache_clear()
