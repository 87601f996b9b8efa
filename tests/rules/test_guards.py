"""Nobody reaches the desk unsigned: every route is on the guard's list or on the open one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from urllib.parse import urlencode

import pytest
from chalice.app import Chalice, Response
from chalice.test import Client, HTTPResponse

from forum.person import EVERYBODY, FIRST_ROLES, READERS, Role, Session
from forum.post import State
from forum.store.sqlite import Database
from forum.store.sqlite_visitors import SqliteVisitors
from forum.team import Team
from moderation import app as desk_app
from moderation.door.guard import SIGN_IN, is_guarded, roles_of
from moderation.door.sign_in import OPEN_ROUTES
from tests.builders import FakeClock, keep, make_post, make_text
from tests.doors.authenticator import SecurityKey
from tests.doors.desk_door import OURS, Door

JSON = "application/json"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null"}
SECRET = "Saltmarsh Lane"
SAID = "What somebody wrote"
PARTS = {
    "{post_id}": make_post(1).id,
    "{moderator_id}": "a" * 16,
    "{number}": "1",
    "{name}": "index",
}
"""What fills the parts of a path."""
COOKIES = ("", f"handrail_session={'A' * 43}", "handrail_session=")


def routes(app: Chalice) -> dict[tuple[str, str], Callable[..., Response]]:
    """Every method and path, with the view that answers it."""
    return {
        (method, path): entry.view_function
        for path, entries in app.routes.items()
        for method, entry in entries.items()
    }


ROUTES = routes(desk_app.app)
CLOSED = sorted(ROUTES.keys() - OPEN_ROUTES)
IDS = [" ".join(route) for route in CLOSED]
FORMS = [route for route in CLOSED if route[0] != "GET"]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteVisitors]:
    """The door opened on a store of its own, which holds one post."""
    monkeypatch.setenv("HANDRAIL_DATA", str(tmp_path))
    monkeypatch.delenv("HANDRAIL_STORE", raising=False)
    visitors = SqliteVisitors(Database(tmp_path / "handrail.sqlite3"))
    keep(visitors, make_post(1), make_text(title=SECRET))
    opened = [desk_app.doorway, desk_app.desk, desk_app.wellbeing]
    for once in opened:
        once.cache_clear()
    yield visitors
    for once in opened:
        once.cache_clear()


def knock(method: str, path: str, cookie: str, **fields: str) -> HTTPResponse:
    """Ask as a link or a form of the desk would, or its script; parts of the path are filled in."""
    entry = desk_app.app.routes[path][method]
    headers, body = {"Cookie": cookie} if cookie else {}, b""
    if method != "GET":
        sent = {"csrf": "v1.0", "hash": "0" * 64, "version": "1", "message": SAID, **fields}
        is_json = entry.content_types == [JSON]
        headers |= {**OURS, "Content-Type": JSON} if is_json else FORM
        body = (json.dumps(sent) if is_json else urlencode(sent)).encode()
    for part, value in PARTS.items():
        path = path.replace(part, value)
    with Client(desk_app.app) as client:
        return client.http.request(method, path, headers=headers, body=body)


def come_in(*roles: Role) -> tuple[Door, str]:
    """Somebody who has just enrolled with these roles, and their id."""
    door, key = Door(desk_app.doorway(), FakeClock(), Client(desk_app.app)), SecurityKey()
    assert door.enrol(key, "Robin", roles).status_code == 200
    return door, key.user_handle.decode()


def test_every_route_is_guarded_or_known_to_be_open() -> None:
    unguarded = {route for route, view in ROUTES.items() if not is_guarded(view)}
    assert unguarded == OPEN_ROUTES


def test_only_signing_in_and_enrolling_are_open() -> None:
    assert {path.split("/")[1] for _, path in OPEN_ROUTES} == {"sign-in", "enrol"}


def turned_away(answer: HTTPResponse, method: str) -> bool:
    """Whether the answer is what somebody gets who is not signed in."""
    if method == "GET":
        return (answer.status_code, answer.headers.get("Location")) == (303, SIGN_IN)
    return answer.status_code == 401


@pytest.mark.parametrize(("method", "path"), CLOSED, ids=IDS)
def test_a_stranger_is_turned_away_whatever_the_mark_says(
    store: SqliteVisitors, method: str, path: str
) -> None:
    post = make_post(1)
    for cookie in COOKIES:
        answer = knock(method, path, cookie)
        assert turned_away(answer, method)
        assert SECRET.encode() not in answer.body
        assert "Set-Cookie" not in answer.headers
    assert store.post(post.id) == post
    assert post.state is State.RECEIVED


@pytest.mark.parametrize(("method", "path"), CLOSED, ids=IDS)
def test_a_removed_moderator_is_turned_away(store: SqliteVisitors, method: str, path: str) -> None:
    door, who = come_in(*FIRST_ROLES)
    Team(desk_app.doorway().people).remove(who, "operator:test")
    answer = knock(method, path, door.cookie)
    assert turned_away(answer, method)
    assert SECRET.encode() not in answer.body
    assert store.post(make_post(1).id) == make_post(1)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "path"), CLOSED, ids=IDS)
def test_each_role_reaches_what_it_may_and_nothing_else(
    store: SqliteVisitors, method: str, path: str, role: Role
) -> None:
    door, who = come_in(role)
    needs = roles_of(ROUTES[(method, path)])
    reaches = role in needs or (role is Role.SAFETY_LEAD and Role.MODERATOR in needs)
    answer = knock(method, path, door.cookie)
    assert not turned_away(answer, method)
    assert is_not_theirs(answer) is not reaches
    if not reaches:
        assert SECRET.encode() not in answer.body
        assert store.post(make_post(1).id) == make_post(1)
        people = desk_app.doorway().people
        again = knock(method, path, door.cookie, csrf=people.csrf_token(session_of(door)))
        assert is_not_theirs(again)
        assert people.moderator(who).roles == {role}
        assert len(people.invitations()) == 0


@pytest.mark.parametrize(("method", "path"), FORMS, ids=[" ".join(route) for route in FORMS])
def test_nothing_is_done_without_the_token_of_the_session(
    store: SqliteVisitors, method: str, path: str
) -> None:
    """Not even for who may do it all: another site knows no token."""
    door, who = come_in(*FIRST_ROLES)
    people = desk_app.doorway().people
    before = (people.moderators(), people.invitations(), people.store.passkeys(who))
    answer = knock(method, path, door.cookie)
    assert answer.status_code == 403
    assert b"out of date" in answer.body
    assert store.post(make_post(1).id) == make_post(1)
    assert before == (people.moderators(), people.invitations(), people.store.passkeys(who))
    assert people.find_session(door.cookie.partition("=")[2])


def test_who_may_do_what_is_on_the_routes() -> None:
    """The roles of each first part of a path, so that a new route is placed on purpose."""
    placed: dict[str, set[frozenset[Role]]] = {}
    for route in CLOSED:
        first = route[1].split("/")[1]
        placed.setdefault(first, set()).add(roles_of(ROUTES[route]))
    for first in ("", "post", "publish", "alike", "undo"):
        assert placed[first] == {READERS}, first
    for first in ("sign-out", "guide", "practice"):
        assert placed[first] == {EVERYBODY}, first


def is_not_theirs(answer: HTTPResponse) -> bool:
    """Whether the answer is that somebody else may do this."""
    return answer.status_code == 403 and b"coordinator" in answer.body


def session_of(door: Door) -> Session:
    session = desk_app.doorway().people.find_session(door.cookie.partition("=")[2])
    assert session is not None
    return session


def test_every_path_can_be_asked_for() -> None:
    """A part that `knock` does not fill would make the tests above ask for nothing."""
    parts = {part for _, path in ROUTES for part in path.split("/") if "{" in part}
    assert parts <= PARTS.keys()


def test_the_doors_of_visitors_and_moderators_share_no_route_that_decides() -> None:
    from api.app import app as visitors_app  # noqa: PLC0415 - its import is what is tested here

    decides = ("claim", "approve", "decline", "publish", "undo", "take-down")
    assert not [path for _, path in routes(visitors_app) if path.endswith(decides)]


def test_a_route_without_a_guard_is_caught() -> None:
    app = Chalice("strange")

    @app.route("/open")
    def unguarded() -> Response:
        return Response("")

    assert [route for route, view in routes(app).items() if not is_guarded(view)] == [
        ("GET", "/open")
    ]


def test_the_mark_alone_lets_nobody_pass_this_file() -> None:
    """A wrapper can copy the mark from a guarded view and skip the guard; a knock finds it."""
    app = Chalice("strange")
    guarded_view = ROUTES[("GET", "/")]
    assert callable(guarded_view)

    @app.route("/fooled")
    @wraps(guarded_view)
    def fooled() -> Response:
        return Response(SECRET)

    assert is_guarded(routes(app)[("GET", "/fooled")])
    with Client(app) as client:
        assert client.http.get("/fooled").status_code != 303
