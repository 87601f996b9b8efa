"""The moderators' door as a Chalice app: every route but signing in is guarded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache, partial, wraps

from chalice.app import Chalice, Request, Response

from doors import logs
from doors.answers import to
from doors.forms import read_query
from doors.messages import messages
from doors.views import current, kindly
from forum import wiring
from forum.desk import Desk
from forum.given import first
from forum.person import EVERYBODY, READERS, Role
from forum.post import Act
from forum.rows import NotEnrolled
from forum.wellbeing import Wellbeing
from moderation.door import (
    alike,
    checking,
    guide,
    numbers,
    practice,
    publishing,
    queue,
    reading,
    records,
    runbook,
    sign_in,
    team,
    you,
)
from moderation.door.at_desk import AtDesk
from moderation.door.guard import SIGN_IN, Doorway, Person, guard

app = Chalice(app_name="handrail-moderation")
app.debug = False
logs.quieten()
messages()  # a wrong file keeps the door from starting, and loses nobody's words later

FORM = ["application/x-www-form-urlencoded"]
View = Callable[..., Response]


@cache
def doorway() -> Doorway:
    """All that letting somebody in depends on, opened once in this process."""
    chosen = wiring.settings()
    return Doorway(wiring.open_people(chosen), chosen.siteurl, lambda who: wellbeing().today(who))


@cache
def desk() -> Desk:
    """The use cases, opened once in this process."""
    return wiring.open_desk(wiring.settings())


@cache
def wellbeing() -> Wellbeing:
    """What looks after the people at the desk, opened once in this process."""
    return wiring.open_wellbeing(wiring.settings())


def names() -> Mapping[str, str]:
    """Moderators' names by id."""
    return {moderator.id: moderator.name for moderator in doorway().people.moderators()}


def at_the_desk(needs: Collection[Role] = READERS) -> Callable[[View], View]:
    """A decorator for the desk's views: only for who has a role, and kind when something breaks.

    A view is called with the request, the `AtDesk` and the parts of its path.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def seated(person: Person, **path: str) -> Response:
            try:
                standing = wellbeing().seen(person.moderator.id)
            except NotEnrolled:  # removed at this very moment
                return to(SIGN_IN)
            at = AtDesk(desk(), doorway(), person, wellbeing(), standing, names())
            return view(current(app), at, **path)

        return kindly(app)(guard(app, doorway, needs)(seated))

    return decorated


def _published(request: Request, at: AtDesk) -> Response:
    return publishing.show(at, first(read_query(request), "ring"))


def _numbers(_: Request, at: AtDesk) -> Response:
    return numbers.show(at, wiring.open_numbers(wiring.settings()))


def _record(request: Request, at: AtDesk) -> Response:
    return records.show(request, at, wiring.open_record(wiring.settings()))


def _copy(_: Request, at: AtDesk) -> Response:
    return records.as_csv(at, wiring.open_record(wiring.settings()))


def without_request(view: View) -> View:
    """For a view that asks nothing of the request."""

    @wraps(view)
    def called(request: Request, at: AtDesk, **path: str) -> Response:
        return view(at, **path)

    return called


PAGES: Mapping[str, tuple[Collection[Role], View]] = {
    "/": (READERS, queue.show),
    "/post/{post_id}": (READERS, reading.read),
    "/post/{post_id}/alike": (READERS, without_request(alike.show)),
    "/publish": (READERS, _published),
    "/pause": (READERS, runbook.pause),
    "/runbook": (EVERYBODY, without_request(runbook.show)),
    "/practice": (EVERYBODY, without_request(practice.show_list)),
    "/practice/{number}": (EVERYBODY, practice.show_one),
    "/numbers": (READERS | {Role.COORDINATOR}, _numbers),
    "/record": ({Role.COORDINATOR}, _record),
    "/record.csv": ({Role.COORDINATOR}, _copy),
    "/guide": (EVERYBODY, without_request(guide.show)),
    "/guide/{name}": (EVERYBODY, without_request(guide.show)),
}
"""What is looked at, by path within the door, and by whom."""

FORMS: Mapping[str, tuple[Collection[Role], View]] = {
    "/post/{post_id}/claim": (READERS, reading.claim),
    "/post/{post_id}/open": (READERS, reading.open_along),
    "/post/{post_id}/release": (READERS, without_request(reading.release)),
    "/post/{post_id}/undo": (READERS, without_request(reading.undo)),
    "/post/{post_id}/check": (READERS, checking.check),
    "/post/{post_id}/edit": (READERS, checking.edit),
    "/post/{post_id}/approve": (READERS, checking.settle),
    "/post/{post_id}/keep": (READERS, checking.settle),
    "/post/{post_id}/offer": (READERS, checking.offer),
    **{
        f"/post/{{post_id}}/{act.value}": (READERS, partial(checking.decide, act))
        for act in (
            *(Act.ASK_SECOND, Act.RETURN, Act.DECLINE, Act.ESCALATE, Act.TAKE_DOWN),
            Act.CONCLUDE,
        )
    },
    "/alike/decline": (READERS, alike.decline),
    "/undo": (READERS, alike.undo),
    "/publish": (READERS, without_request(publishing.publish)),
}
"""What is done, by the path that its form is sent to, and by whom."""


def _name(method: str, path: str) -> str:
    return f"{method.lower()}{path.translate({ord(mark): '_' for mark in '/{}-.'})}"


for _page in (sign_in, you, team):
    _page.add_routes(app, doorway)
for _method, _table in (("GET", PAGES), ("POST", FORMS)):
    for _path, (_needs, _view) in _table.items():
        _types = {"content_types": FORM} if _method == "POST" else {}
        app.route(_path, methods=[_method], name=_name(_method, _path), **_types)(
            at_the_desk(_needs)(_view)
        )


wiring.open_early(doorway, desk, wellbeing)
