"""Nobody comes to the desk but a signed-in moderator, and only by forms of the desk's own pages."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from chalice.app import Chalice, Request, Response

from doors.answers import page, to
from doors.forms import Unreadable, read_texts
from doors.views import current
from forum.given import first
from forum.people import People
from forum.person import Moderator, Session
from forum.retention import SIGNED_IN_FOR
from forum.rows import Unavailable
from moderation.door.ceremony import origin_of

COOKIE = "handrail_session"
COOKIE_PATH = "/moderation"
SIGN_IN = "/moderation/sign-in"
CSRF_FIELD = "csrf"
GUARDED = "guarded"
"""The mark on a guarded view, by which a test can walk the route table."""

_ONE_TOKEN = re.compile(r"[0-9A-Za-z_.=-]*")
"""Ids, hashes, counts and choices: what forms carry that nobody wrote."""

View = Callable[..., Response]


@dataclass(frozen=True)
class Doorway:
    """All that letting somebody in depends on."""

    people: People
    siteurl: str


@dataclass(frozen=True)
class Person:
    """Who is at the desk, and the token that each form shown to them must carry."""

    moderator: Moderator
    session: Session
    csrf: str


def guard(app: Chalice, doorway: Callable[[], Doorway]) -> Callable[[View], View]:
    """A decorator for the desk's views, which get the `Person` before the parts of their path.

    `doorway` is asked for at each request, so that importing the app opens nothing.
    """

    def guarded(view: View) -> View:
        @functools.wraps(view)
        def guarded_view(**path: str) -> Response:
            return _enter(doorway(), current(app), functools.partial(view, **path))

        setattr(guarded_view, GUARDED, True)
        return guarded_view

    return guarded


def is_guarded(view: View) -> bool:
    """Whether only a signed-in moderator reaches this view."""
    return getattr(view, GUARDED, False) is True


def who(doorway: Doorway, request: Request) -> Person | None:
    """The moderator whose session the request's cookie opens."""
    session = doorway.people.find_session(cookie_in(request))
    if session is None:
        return None
    return Person(session.moderator, session, doorway.people.csrf_token(session))


def cookie_in(request: Request) -> str:
    """The session's secret as the browser sent it, or an empty string."""
    header: str = request.headers.get("cookie", "")
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


def cookie_for(secret: str, siteurl: str) -> str:
    """The Set-Cookie line that keeps the secret; an empty secret takes the cookie away."""
    seconds = int(SIGNED_IN_FOR.total_seconds()) if secret else 0
    secure = "; Secure" if siteurl.startswith("https:") else ""
    return (
        f"{COOKIE}={secret}; Path={COOKIE_PATH}; Max-Age={seconds}; "
        f"HttpOnly; SameSite=Strict{secure}"
    )


def from_elsewhere(request: Request, siteurl: str) -> bool:
    """Whether the browser says that another site sent this.

    Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with our own forms, so that
    null alone says nothing. Source: the Fetch standard, "serializing a request origin".
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    return site != "same-origin" or origin not in ("null", origin_of(siteurl))


def surely_ours(request: Request, siteurl: str) -> bool:
    """Whether the browser says that a page of ours sent this; silence is a no."""
    said = request.headers.get("origin") == origin_of(siteurl)
    same = request.headers.get("sec-fetch-site") == "same-origin"
    return (said or same) and not from_elsewhere(request, siteurl)


def _enter(doorway: Doorway, request: Request, view: View) -> Response:
    """Let the request through to `view`, or answer it so that no typed word is lost."""
    try:
        if request.method == "GET":
            person = who(doorway, request)
            return view(person) if person else to(SIGN_IN)
        return _enter_with_form(doorway, request, view)
    except Unavailable:
        return _not_taken(request, 503, "busy")


def _enter_with_form(doorway: Doorway, request: Request, view: View) -> Response:
    if from_elsewhere(request, doorway.siteurl):
        return page("desk/not_taken.html", status=403, reason="elsewhere", kept=[])
    person = who(doorway, request)
    if person is None:
        return _not_taken(request, 401, "ended")
    if not doorway.people.csrf_ok(person.session, first(read_texts(request), CSRF_FIELD)):
        return _not_taken(request, 403, "old-page")
    return view(person)


def _not_taken(request: Request, status: int, reason: str) -> Response:
    """A page that says why nothing was done and gives back what was typed."""
    return page("desk/not_taken.html", status=status, reason=reason, kept=_typed(request))


def _typed(request: Request) -> list[str]:
    """What somebody wrote in the form: every value of more than one token."""
    if request.method == "GET":
        return []
    try:
        values = [value for several in read_texts(request).values() for value in several]
    except Unreadable:
        return []
    return [value for value in values if value.strip() and not _ONE_TOKEN.fullmatch(value)]
