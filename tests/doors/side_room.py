"""The desk's side room for tests: practice and guide behind the real guard, no post anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from chalice.app import Chalice, Response
from chalice.test import Client

from doors.views import current, kindly
from moderation.door import guide, practice, sign_in
from moderation.door.at_desk import AtDesk
from moderation.door.guard import Person, guard
from tests.doors.authenticator import SecurityKey
from tests.doors.desk_door import Door, open_door
from tests.doors.seen import Page


class NoDesk:
    """A desk that nobody may ask anything."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the desk was asked for {name}")


@dataclass
class SideRoom:
    """Somebody signed in, in a browser that runs no script."""

    door: Door

    def open(self, path: str, status: int = 200) -> Page:
        """A page of the room; nothing but its address goes in, nothing but the page comes out."""
        answer = self.door.get(path)
        assert answer.status_code == status, answer.body
        assert "Set-Cookie" not in answer.headers
        return Page(answer.body.decode())


def open_side_room(folder: Path) -> SideRoom:
    """An app with these pages alone, over a store that only knows who may sign in."""
    app = Chalice("side-room", configure_logs=False)
    door = replace(open_door(folder), client=Client(app))
    sign_in.add_routes(app, door.opened)
    answered_kindly, guarded = kindly(app), guard(app, door.opened)

    def seat(person: Person) -> AtDesk:
        return AtDesk(NoDesk(), door.opened(), person, None, None, {})  # type: ignore[arg-type]

    @app.route("/practice", methods=["GET"])
    @answered_kindly
    @guarded
    def practice_list(person: Person) -> Response:
        return practice.show_list(seat(person))

    @app.route("/practice/{number}", methods=["GET"])
    @answered_kindly
    @guarded
    def practice_one(person: Person, number: str) -> Response:
        return practice.show_one(current(app), seat(person), number)

    @app.route("/guide", methods=["GET"])
    @answered_kindly
    @guarded
    def guide_index(person: Person) -> Response:
        return guide.show(seat(person))

    @app.route("/guide/{name}", methods=["GET"])
    @answered_kindly
    @guarded
    def guide_page(person: Person, name: str) -> Response:
        return guide.show(seat(person), name)

    assert door.enrol(SecurityKey()).status_code == 200
    return SideRoom(door)
