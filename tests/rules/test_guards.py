"""Nobody reaches the desk unsigned: every route is on the guard's list or on the open one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from pathlib import Path
from urllib.parse import urlencode

import pytest
from chalice.app import Chalice, Response
from chalice.test import Client, HTTPResponse

from forum.post import State
from forum.store.sqlite import Database
from forum.store.sqlite_visitors import SqliteVisitors
from moderation import app as desk_app
from moderation.door.guard import SIGN_IN, is_guarded
from moderation.door.sign_in import OPEN_ROUTES
from tests.builders import keep, make_post, make_text

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null"}
SECRET = "Saltmarsh Lane"
COOKIES = ("", f"handrail_session={'A' * 43}", "handrail_session=")


def routes(app: Chalice) -> dict[tuple[str, str], object]:
    """Every method and path, with the view that answers it."""
    return {
        (method, path): entry.view_function
        for path, entries in app.routes.items()
        for method, entry in entries.items()
    }


ROUTES = routes(desk_app.app)
CLOSED = sorted(ROUTES.keys() - OPEN_ROUTES)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteVisitors]:
    """The door opened on a store of its own, which holds one post."""
    monkeypatch.setenv("HANDRAIL_DATA", str(tmp_path))
    monkeypatch.delenv("HANDRAIL_STORE", raising=False)
    visitors = SqliteVisitors(Database(tmp_path / "handrail.sqlite3"))
    keep(visitors, make_post(1), make_text(title=SECRET))
    desk_app.doorway.cache_clear()
    desk_app.desk.cache_clear()
    yield visitors
    desk_app.doorway.cache_clear()
    desk_app.desk.cache_clear()


def knock(method: str, path: str, post_id: str, cookie: str) -> HTTPResponse:
    """Ask without being signed in, as a link or a form of the desk would."""
    headers, body = {"Cookie": cookie} if cookie else {}, b""
    if method != "GET":
        headers |= FORM
        fields = {"csrf": "v1.0", "hash": "0" * 64, "version": "1", "message": "x"}
        body = urlencode(fields).encode()
    with Client(desk_app.app) as client:
        address = path.replace("{post_id}", post_id)
        return client.http.request(method, address, headers=headers, body=body)


def test_every_route_is_guarded_or_known_to_be_open() -> None:
    unguarded = {route for route, view in ROUTES.items() if not is_guarded(view)}
    assert unguarded == OPEN_ROUTES


def test_only_signing_in_and_enrolling_are_open() -> None:
    assert {path.split("/")[1] for _, path in OPEN_ROUTES} == {"sign-in", "enrol"}


@pytest.mark.parametrize(("method", "path"), CLOSED, ids=[" ".join(route) for route in CLOSED])
def test_a_stranger_is_turned_away_whatever_the_mark_says(
    store: SqliteVisitors, method: str, path: str
) -> None:
    post = make_post(1)
    for cookie in COOKIES:
        answer = knock(method, path, post.id, cookie)
        if method == "GET":
            assert (answer.status_code, answer.headers["Location"]) == (303, SIGN_IN)
        else:
            assert answer.status_code == 401
        assert SECRET.encode() not in answer.body
        assert "Set-Cookie" not in answer.headers
    assert store.post(post.id) == post
    assert post.state is State.RECEIVED


def test_every_path_can_be_asked_for() -> None:
    """A part that `knock` does not fill would make the test above ask for nothing."""
    parts = {part for _, path in ROUTES for part in path.split("/") if "{" in part}
    assert parts == {"{post_id}"}


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

    assert is_guarded(routes(app)[("GET", "/fooled")])  # type: ignore[arg-type]
    with Client(app) as client:
        assert client.http.get("/fooled").status_code != 303
