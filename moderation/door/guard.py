"""Nobody comes to the desk but who may: signed in, with the role, by forms of the desk's pages."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from chalice.app import Chalice, Request, Response

from doors.answers import page, to
from doors.forms import Unreadable, read_texts
from doors.views import current
from forum.duty import Duty
from forum.given import first
from forum.people import People
from forum.person import READERS, Moderator, Role, Session
from forum.retention import SIGNED_IN_FOR
from forum.rows import Unavailable
from moderation.door.ceremony import origin_of
from moderation.door.roles import home_of, said

COOKIE = "handrail_session"
COOKIE_PATH = "/moderation"
SIGN_IN = "/moderation/sign-in"
CSRF_FIELD = "csrf"
GUARDED = "guarded"
"""The mark on a guarded view that says who reaches it, so that a test can walk the route table."""

_ONE_TOKEN = re.compile(r"[0-9A-Za-z_.=-]*")
"""Ids, hashes, counts and choices: what forms carry that nobody wrote."""

View = Callable[..., Response]


class TurnedAway(Exception):
    """Why somebody does not get through: a status, and a reason that a page has words for."""

    def __init__(self, status: int, reason: str, moderator: Moderator | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.moderator = moderator


@dataclass(frozen=True)
class Doorway:
    """All that letting somebody in depends on."""

    people: People
    siteurl: str
    today: Callable[[str], Duty] | None = None
    """Somebody's day at the desk so far, for their own page."""


@dataclass(frozen=True)
class Person:
    """Who is at the desk, and the token that each form shown to them must carry."""

    moderator: Moderator
    session: Session
    csrf: str
    fresh: bool = True
    """Whether they signed in so lately that they may change ways in and people."""


@dataclass(frozen=True)
class Rule:
    """Who gets through to a view."""

    needs: frozenset[Role]
    """Any of these roles will do."""
    fresh: bool
    """Whether its forms need somebody who signed in a short while ago."""


def guard(
    app: Chalice,
    doorway: Callable[[], Doorway],
    needs: Collection[Role] = READERS,
    *,
    fresh: bool = False,
) -> Callable[[View], View]:
    """A decorator for the desk's views, which get the `Person` before the parts of their path.

    `doorway` is asked for at each request, so that importing the app opens nothing.
    """
    rule = Rule(frozenset(needs), fresh)

    def guarded(view: View) -> View:
        @functools.wraps(view)
        def guarded_view(**path: str) -> Response:
            return _enter(doorway(), current(app), rule, functools.partial(view, **path))

        return marked(guarded_view, rule)

    return guarded


def marked(view: View, rule: Rule) -> View:
    """The view, with the mark that says who reaches it."""
    setattr(view, GUARDED, rule.needs)
    return view


def is_guarded(view: View) -> bool:
    """Whether only somebody signed in reaches this view."""
    return isinstance(getattr(view, GUARDED, None), frozenset)


def roles_of(view: View) -> frozenset[Role]:
    """The roles of which one is needed to reach a guarded view."""
    roles: frozenset[Role] = getattr(view, GUARDED)
    return roles


def who(doorway: Doorway, request: Request) -> Person | None:
    """The moderator whose session the request's cookie opens."""
    people = doorway.people
    session = people.find_session(cookie_in(request))
    if session is None:
        return None
    fresh = people.is_fresh(session)
    return Person(session.moderator, session, people.csrf_token(session), fresh)


def admit(doorway: Doorway, request: Request, rule: Rule) -> Person:
    """Whoever asks, if they are signed in and have the role; raise `TurnedAway`."""
    person = who(doorway, request)
    if person is None:
        raise TurnedAway(401, "ended")
    if not person.moderator.may_any(rule.needs):
        raise TurnedAway(403, "not-yours", person.moderator)
    return person


def must_mean_it(doorway: Doorway, person: Person, rule: Rule, token: str) -> None:
    """Raise `TurnedAway` unless a form of this session was sent, lately enough signed in."""
    if not doorway.people.csrf_ok(person.session, token):
        raise TurnedAway(403, "old-page", person.moderator)
    if rule.fresh and not person.fresh:
        raise TurnedAway(403, "not-fresh", person.moderator)


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
    said_so = request.headers.get("origin") == origin_of(siteurl)
    same = request.headers.get("sec-fetch-site") == "same-origin"
    return (said_so or same) and not from_elsewhere(request, siteurl)


def turned_away(request: Request, turned: TurnedAway, needs: Collection[Role] = ()) -> Response:
    """A page that says why nothing was done and gives back what was typed."""
    return page(
        "desk/not_taken.html",
        status=turned.status,
        reason=turned.reason,
        kept=[] if turned.reason == "elsewhere" else _typed(request),
        needs=said(needs),
        home=home_of(turned.moderator) if turned.moderator else "/moderation/",
        then=request.path.strip("/").partition("/")[0],
    )


def _enter(doorway: Doorway, request: Request, rule: Rule, view: View) -> Response:
    """Let the request through to `view`, or answer it so that no typed word is lost."""
    try:
        if request.method != "GET" and from_elsewhere(request, doorway.siteurl):
            raise TurnedAway(403, "elsewhere")
        person = admit(doorway, request, rule)
        if request.method != "GET":
            must_mean_it(doorway, person, rule, first(read_texts(request), CSRF_FIELD))
        return view(person)
    except TurnedAway as turned:
        if request.method == "GET" and turned.reason == "ended":
            return to(SIGN_IN)
        return turned_away(request, turned, rule.needs)
    except Unavailable:
        return turned_away(request, TurnedAway(503, "busy"))


def _typed(request: Request) -> list[str]:
    """What somebody wrote in the form: every value of more than one token."""
    if request.method == "GET":
        return []
    try:
        values = [value for several in read_texts(request).values() for value in several]
    except Unreadable:
        return []
    return [value for value in values if value.strip() and not _ONE_TOKEN.fullmatch(value)]
