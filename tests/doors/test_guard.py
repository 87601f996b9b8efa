"""The guard of the desk: sessions, forms and the route table."""

from __future__ import annotations

import re

import pytest

from doors.answers import page
from forum.person import EVERYBODY, READERS, Role
from forum.team import Team
from moderation.door import sign_in
from moderation.door.guard import is_guarded, roles_of
from tests.doors.authenticator import SecurityKey
from tests.doors.desk_door import LONG_WORDS, SITE, Door, refused
from tests.doors.seen import Page


def test_nobody_gets_to_the_desk_unsigned(door: Door) -> None:
    for cookie in ("", "handrail_session=", "handrail_session=" + "A" * 43, "=;;=", "x" * 9_000):
        door.cookie = cookie
        answer = door.get("/desk")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/moderation/sign-in")
        assert not answer.body


def test_a_cookie_from_before_signing_in_is_never_adopted(door: Door, key: SecurityKey) -> None:
    door.cookie = planted = "handrail_session=" + "A" * 43
    door.enrol(key)
    assert door.cookie != planted
    door.cookie = planted
    assert door.get("/desk").status_code == 303


def test_signing_in_again_ends_the_session_the_browser_came_with(
    inside: Door, key: SecurityKey
) -> None:
    before = inside.cookie
    inside.sign_in(key)
    assert inside.cookie != before
    inside.cookie = before
    assert inside.get("/desk").status_code == 303


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(inside: Door) -> None:
    copy = inside.cookie
    answer = inside.send("/sign-out", csrf=inside.csrf())
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    inside.cookie = copy
    assert inside.get("/desk").status_code == 303


def test_the_cookie_is_found_among_others(inside: Door) -> None:
    inside.cookie = f"a=b; bad; =; {inside.cookie}; c=d"
    assert inside.get("/desk").status_code == 200


def test_an_idle_session_is_over(inside: Door) -> None:
    inside.clock.advance(minutes=30)
    assert inside.get("/desk").status_code == 303


def test_a_session_is_over_after_two_hours(inside: Door) -> None:
    for _ in range(5):
        inside.clock.advance(minutes=25)
        last = inside.get("/desk").status_code
    assert last == 303


def test_a_removed_moderators_session_is_refused_at_once(inside: Door, key: SecurityKey) -> None:
    token = inside.csrf()
    inside.remove(key)
    assert inside.get("/desk").status_code == 303
    assert inside.send("/posts/abc", csrf=token).status_code == 401
    assert inside.acts == []


def test_a_decision_goes_through_with_its_own_token(inside: Door) -> None:
    assert inside.send("/posts/abc", csrf=inside.csrf()).status_code == 200
    assert inside.acts == ["Robin abc"]


def test_a_decision_without_the_token_is_not_taken_and_the_words_are_kept(inside: Door) -> None:
    for csrf in ("", "v1.0", "v9.00", "é", inside.csrf() + "0"):
        answer = inside.send("/posts/abc", csrf=csrf, message=LONG_WORDS, hash="0" * 64)
        assert answer.status_code == 403
        assert b"Please&lt;/b&gt; leave the name" in answer.body
        assert b"0" * 64 not in answer.body
    assert inside.send("/posts/abc", message=LONG_WORDS).status_code == 403
    assert inside.acts == []


def test_a_token_from_another_session_is_not_taken(inside: Door, key: SecurityKey) -> None:
    token = inside.csrf()
    inside.sign_in(key)
    assert inside.send("/posts/abc", csrf=token).status_code == 403
    assert inside.acts == []


def test_when_the_session_ended_the_words_are_given_back(inside: Door) -> None:
    token = inside.csrf()
    inside.clock.advance(minutes=31)
    answer = inside.send("/posts/abc", csrf=token, message=LONG_WORDS)
    assert answer.status_code == 401
    assert b"You are signed out" in answer.body
    assert b"leave the name of the town out." in answer.body
    assert token.encode() not in answer.body
    assert inside.acts == []


def test_when_the_store_is_down_the_words_are_given_back(inside: Door) -> None:
    answer = inside.send("/posts/unavailable", csrf=inside.csrf(), message=LONG_WORDS)
    assert answer.status_code == 503
    assert b"leave the name of the town out." in answer.body


def test_a_form_too_long_to_read_gets_a_plain_answer(inside: Door) -> None:
    answer = inside.send("/posts/abc", csrf=inside.csrf(), message="x" * 500_000)
    assert answer.status_code == 413
    assert inside.acts == []


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:8001", "file://"])
def test_a_form_from_another_site_is_stopped(inside: Door, origin: str) -> None:
    answer = inside.send("/posts/abc", origin=origin, csrf=inside.csrf(), message=LONG_WORDS)
    assert answer.status_code == 403
    assert b"the town" not in answer.body
    assert inside.acts == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"X_Nothing": "said"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Sec_Fetch_Site": "cross-site", "Origin": SITE},
        {"Sec_Fetch_Site": "same-origin", "Origin": "http://evil.example"},
    ],
)
@pytest.mark.parametrize("path", sorted(sign_in.ANSWERS))
def test_a_script_of_another_site_is_stopped(
    door: Door, path: str, headers: dict[str, str]
) -> None:
    refused(door.post(path, {}, **headers), 403)


# Roles.


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_to_its_roles_and_tells_others_whose_it_is(door: Door, role: Role) -> None:
    door.enrol(SecurityKey(), "Pat", {role})
    answer = door.get("/desk")
    if role in (Role.MODERATOR, Role.SAFETY_LEAD):
        assert answer.status_code == 200
        return
    words = Page(answer.body.decode()).words
    assert answer.status_code == 403
    assert (
        "This page is for moderators and safety leads. Do you need it? Ask a coordinator." in words
    )


def test_without_the_role_nothing_is_done_and_the_words_are_given_back(door: Door) -> None:
    door.enrol(SecurityKey(), "Pat", {Role.COORDINATOR})
    for csrf in ("", "v1.0"):
        answer = door.send("/posts/abc", csrf=csrf, message=LONG_WORDS)
        assert answer.status_code == 403
        assert b"leave the name of the town out." in answer.body
        assert b"Ask a coordinator." in answer.body
    assert door.acts == []


def test_a_role_that_is_taken_away_while_signed_in_ends_at_the_next_request(
    inside: Door, key: SecurityKey
) -> None:
    token, who = inside.csrf(), key.user_handle.decode()
    Team(inside.doorway.people).set_roles(who, {Role.PEER_SUPPORTER}, "operator:test")
    assert inside.get("/desk").status_code == 403
    assert inside.send("/posts/abc", csrf=token).status_code == 403
    assert inside.acts == []


def test_the_mark_says_who_gets_through(door: Door) -> None:
    app = door.client._app
    desk = app.routes["/desk"]["GET"].view_function
    assert roles_of(desk) == READERS
    assert roles_of(app.routes["/team/invitations"]["POST"].view_function) == {Role.COORDINATOR}
    assert roles_of(app.routes["/you/passkeys"]["POST"].view_function) == EVERYBODY


# The route table and the pages.


def test_every_route_is_guarded_or_on_the_open_list(door: Door) -> None:
    app = door.client._app
    routes = {
        (method, path): entry.view_function
        for path, entries in app.routes.items()
        for method, entry in entries.items()
    }
    unguarded = {route for route, view in routes.items() if not is_guarded(view)}
    assert unguarded == sign_in.OPEN_ROUTES
    assert ("POST", "/sign-out") in routes


def test_the_sign_in_page_says_what_it_needs_without_script(door: Door) -> None:
    body = door.get("/sign-in").body.decode()
    assert "<noscript>" in body
    assert '<script type="module" src="/theme/js/passkey.js"></script>' in body
    assert 'aria-live="polite"' in body
    assert "Set-Cookie" not in door.get("/sign-in").headers


@pytest.mark.parametrize(
    "reason", ["ended", "not-yours", "old-page", "not-fresh", "elsewhere", "busy"]
)
def test_the_pages_hold_nothing_that_runs_or_styles_by_itself(door: Door, reason: str) -> None:
    said = {"needs": "moderators", "home": "/moderation/", "then": "you"}
    pages = [
        door.get("/sign-in").body.decode(),
        door.get(f"/enrol?invitation={door.invite()}").body.decode(),
        door.get("/enrol").body.decode(),
        page("desk/not_taken.html", reason=reason, kept=[LONG_WORDS], **said).body,
    ]
    for body in pages:
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|data:", body)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", body))
