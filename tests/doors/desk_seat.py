"""A seat at the real desk for tests: the app as it is deployed, its own store, somebody signed in.

Nobody makes requests up here: a test opens a page, changes what its form would send, and sends it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from chalice.test import Client, HTTPResponse

from forum import wiring
from forum.person import FIRST_ROLES, Role
from forum.post import Act, Post, Text, moved
from forum.rows import Report
from moderation import app as desk_app
from tests.builders import FakeClock, keep, make_post, make_report, tell
from tests.doors.authenticator import SecurityKey
from tests.doors.desk_door import Door
from tests.doors.seen import Element, Page
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

    def along(self, post_id: str) -> Page:
        """The page of one post with its text, read along without holding it."""
        return self.follow(self.press(self.post(post_id), f"/post/{post_id}/open"))

    def check(self, page: Page, act: str = "approve", **changed: object) -> HTTPResponse:
        """Send the form of a post's page that asks for this act, to see what it comes to."""
        action = f"/post/{post_of(page)}/check"
        return self.door.send(action, **{**form_of(page, action, act), **changed})

    def do_it(self, checked: HTTPResponse, **changed: object) -> HTTPResponse:
        """Press "Do it" on the page that shows what a form comes to."""
        page = self.page_of(checked)
        assert checked.status_code == 200, page.errors() or page.one("h1").text
        (done,) = leads_to(page) - {f"/post/{post_of(page)}/edit"}
        return self.press(page, done, **changed)

    def change(self, checked: HTTPResponse) -> HTTPResponse:
        """Press "Back, and change something" there."""
        page = self.page_of(checked)
        return self.press(page, f"/post/{post_of(page)}/edit")

    def decide(self, page: Page, act: str = "approve", **changed: object) -> HTTPResponse:
        """Both steps: check, and do it."""
        return self.do_it(self.check(page, act, **changed))

    def follow(self, answer: HTTPResponse) -> Page:
        """The page that an answer leads on to."""
        assert answer.status_code == 303, answer.body
        return self.open(answer.headers["Location"].removeprefix(PREFIX))

    def hold(self, post_id: str) -> Page:
        """Take a post to read it, if it is not theirs already; its page."""
        page = self.post(post_id)
        if f"/post/{post_id}/release" in leads_to(page):
            return page
        return self.follow(self.press(page, f"/post/{post_id}/claim"))


@dataclass
class Room:
    """The desk's room: who sits there, and the store behind it."""

    office: Office
    seats: dict[str, Seat] = field(default_factory=dict)

    def seat(self, name: str, roles: Collection[Role] = FIRST_ROLES) -> Seat:
        """Somebody who has just enrolled with these roles, or who already sits there."""
        if name not in self.seats:
            door = Door(desk_app.doorway(), self.office.clock, Client(desk_app.app))
            assert door.enrol(SecurityKey(), name, roles).status_code == 200
            self.seats[name] = Seat(name, door)
        return self.seats[name]

    def receive(self, number: int = 0, text: Text | None = None, **given: object) -> Post:
        """A post that has come in, or that already stands elsewhere."""
        return keep(self.office.stores.visitors, make_post(number, **given), text)

    def share(self, number: int, body: str, title: str = "A walk", **given: object) -> Post:
        """A post as the visitors' door takes it in: checked, and marked by screening."""
        return self.office.submit(body, number, title, **given)

    def withdraw(self, post: Post) -> None:
        """Its author takes it back."""
        now = self.office.desk.read(post.id).post
        self.office.stores.holders.withdraw(moved(now, Act.WITHDRAW, now.day))

    def report(self, post: Post, number: int = 0, **given: object) -> Report:
        """A reader's report, as the visitors' door stores it."""
        reports = self.office.stores.reports
        return tell(reports, make_report(number, post_id=post.id, **given))


def post_of(page: Page) -> str:
    """The id of the post that a page is about: the only one that its forms lead to."""
    (post_id,) = {path.split("/")[2] for path in leads_to(page) if path.startswith("/post/")}
    return post_id


def form_of(page: Page, action: str, act: str = "") -> dict[str, list[str]]:
    """What the form with this action would send as it stands; of several, the one for this act."""
    forms = [form for form in page.all("form") if form.given.get("action") == PREFIX + action]
    forms = [form for form in forms if not act or _asks_for(page, form, act)]
    assert forms, f"no form leads to {action}"
    sent: dict[str, list[str]] = {}
    for one in page.all("input", "textarea"):
        choice = one.given.get("type") in ("checkbox", "radio")
        ticked = not choice or "checked" in one.given
        if one.inside("form") is forms[0] and ticked:
            sent.setdefault(one.name, []).append(one.value)
    return sent


def _asks_for(page: Page, form: Element, act: str) -> bool:
    fields = [one for one in page.all("input") if one.inside("form") is form]
    return any(one.name == "act" and one.value == act for one in fields)


def leads_to(page: Page) -> set[str]:
    """Where the page's forms lead, without the desk's own frame."""
    actions = {form.given.get("action", "").removeprefix(PREFIX) for form in page.all("form")}
    return actions - {"/sign-out"}


def acts_in(page: Page) -> set[str]:
    """The acts that the forms of a post's page ask for, to be checked first."""
    return {one.value for one in page.all("input") if one.name == "act"}


@contextmanager
def open_room(folder: Path, monkeypatch: pytest.MonkeyPatch, learning: int = 0) -> Iterator[Room]:
    """The real app over an empty store in this folder, its clock ours.

    A buddy reads along with so many decisions of everybody who enrols.
    """
    clock = FakeClock()
    monkeypatch.setattr(wiring, "CLOCK", clock)
    monkeypatch.setenv("HANDRAIL_BUDDY_FIRST", str(learning))
    monkeypatch.setenv("HANDRAIL_DATA", str(folder))
    monkeypatch.delenv("HANDRAIL_STORE", raising=False)
    _forget()
    yield Room(Office(ADAPTERS["sqlite"](folder), clock, desk_app.desk(), folder))
    _forget()


def _forget() -> None:
    """Let the app open its use cases anew."""
    for opened in (desk_app.doorway, desk_app.desk, desk_app.wellbeing):
        opened.cache_clear()
