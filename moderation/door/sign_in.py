"""The way in and out: enrol with an invitation, sign in with a passkey, sign out.

The views here are the only ones that nobody need be signed in for. What they answer to a script
is JSON: `{"next": ADDRESS}` or the ceremony's options, else `{"error": "a plain sentence"}`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from chalice.app import Chalice, Request, Response

from doors import logs
from doors.answers import as_json, page, to
from doors.forms import FORM, JSON, raw_body, read_query
from doors.views import current, kindly
from forum.given import first
from forum.people import ChallengeSpent, CopiedPasskey
from forum.person import BadName, Ceremony, tidy_name
from forum.rows import (
    Changed,
    InvitationSpent,
    NotEnrolled,
    PasskeyTaken,
    PersonNameTaken,
    Unavailable,
)
from moderation.door.ceremony import (
    Refused,
    asserted,
    creation_options,
    enrolled,
    read_answer,
    request_options,
)
from moderation.door.guard import (
    SIGN_IN,
    Doorway,
    Person,
    cookie_for,
    cookie_in,
    guard,
    surely_ours,
)

DESK = "/moderation/"
BODY_LIMIT = 65_536
"""Bytes of JSON that are looked at."""

Body = dict[str, Any]
PageView = Callable[[Doorway, Request], Response]
JsonView = Callable[[Doorway, Request, Body], Response]


class Malformed(Exception):
    """The body is not what the page's script sends."""


class TooLong(Exception):
    """The body is over `BODY_LIMIT`."""


class FromElsewhere(Exception):
    """No page of ours sent this."""


PROBLEMS: Mapping[type[Exception], tuple[int, str]] = {
    Malformed: (400, "That did not arrive whole. Load the page again and try once more."),
    TooLong: (413, "That was longer than any passkey's answer. Load the page again."),
    FromElsewhere: (403, "That did not come from this page. Open the page again and try there."),
    ChallengeSpent: (400, "That took too long or was sent twice. Please try again."),
    Refused: (403, "That passkey does not open this door. Try another one if you have it."),
    CopiedPasskey: (
        403,
        "This passkey may have been copied, so it was refused. Please tell whoever runs the site.",
    ),
    NotEnrolled: (403, "This passkey belonged to someone who is not a moderator here any more."),
    Changed: (409, "This passkey was just used somewhere else. Please try again."),
    InvitationSpent: (410, "This link was already used or has run out. Ask for a new one."),
    PersonNameTaken: (409, "Another moderator goes by that name. Please choose another."),
    PasskeyTaken: (409, "This passkey is already enrolled. You can sign in with it."),
    Unavailable: (503, "We cannot save anything just now. Please try again in a minute."),
}
"""What each failure is to a browser: a status and a sentence for the person."""
BROKEN = "Something went wrong on our side. It was not you. Please load the page and try again."


def add_routes(app: Chalice, doorway: Callable[[], Doorway]) -> None:
    """Put every route of this module on the app; `doorway` is asked for at each request."""
    answered_kindly = kindly(app)
    for path, show in PAGES.items():
        route = app.route(path, methods=["GET"], name=show.__name__)
        route(answered_kindly(_page_route(app, doorway, show)))
    for path, answer in ANSWERS.items():
        route = app.route(path, methods=["POST"], content_types=[JSON], name=answer.__name__)
        route(_json_route(app, doorway, answer))
    leave = guard(app, doorway)(lambda person: sign_out(doorway(), current(app), person))
    app.route("/sign-out", methods=["POST"], content_types=[FORM], name="sign_out")(
        answered_kindly(leave)
    )


def sign_in_page(doorway: Doorway, request: Request) -> Response:
    """The page with the button."""
    return page("desk/sign_in.html")


def sign_in_options(doorway: Doorway, request: Request, body: Body) -> Response:
    """What the browser is to sign."""
    challenge = doorway.people.sign_in_challenge()
    return as_json({"publicKey": request_options(doorway.siteurl, challenge)})


def sign_in(doorway: Doorway, request: Request, body: Body) -> Response:
    """Open a session for whoever truly answered the challenge."""
    answer = read_answer(body.get("credential"))
    challenge = doorway.people.spend_challenge(Ceremony.SIGN_IN, answer.challenge)
    passkey = doorway.people.passkey(answer.credential_id)
    if passkey is None:
        raise Refused
    sign_count = asserted(doorway.siteurl, challenge, passkey, answer)
    doorway.people.count_use(passkey, sign_count)
    return _signed_in(doorway, request, passkey.moderator)


def enrol_page(doorway: Doorway, request: Request) -> Response:
    """The page that an invitation's link opens; it says kindly when the link is spent."""
    invitation = first(read_query(request), "invitation")
    holds = doorway.people.is_invited(invitation)
    status = 200 if holds else 410
    return page("desk/enrol.html", status=status, invitation=invitation, holds=holds)


def enrol_options(doorway: Doorway, request: Request, body: Body) -> Response:
    """What the device is to make, once the link and the name are known to be good."""
    name = tidy_name(_words(body, "name"))
    if not doorway.people.is_invited(_words(body, "invitation")):
        raise InvitationSpent
    if not doorway.people.name_is_free(name):
        raise PersonNameTaken
    challenge = doorway.people.enrolment_challenge()
    return as_json({"publicKey": creation_options(doorway.siteurl, challenge, name)})


def enrol(doorway: Doorway, request: Request, body: Body) -> Response:
    """Use the invitation up for the passkey that was made, and open its first session."""
    invitation, name = _words(body, "invitation"), _words(body, "name")
    answer = read_answer(body.get("credential"))
    challenge = doorway.people.spend_challenge(Ceremony.ENROL, answer.challenge)
    passkey = enrolled(doorway.siteurl, challenge, answer)
    moderator = doorway.people.enrol(invitation, name, passkey)
    return _signed_in(doorway, request, moderator.id)


def sign_out(doorway: Doorway, request: Request, person: Person) -> Response:
    """End this browser's session and take its cookie away."""
    doorway.people.close_session(cookie_in(request))
    return to(SIGN_IN, {"Set-Cookie": cookie_for("", doorway.siteurl)})


PAGES: Mapping[str, PageView] = {"/sign-in": sign_in_page, "/enrol": enrol_page}
"""What anybody may look at, by path within the door."""

ANSWERS: Mapping[str, JsonView] = {
    "/sign-in/options": sign_in_options,
    "/sign-in": sign_in,
    "/enrol/options": enrol_options,
    "/enrol": enrol,
}
"""What the pages' script may send without a session, by path within the door."""

OPEN_ROUTES = frozenset({("GET", path) for path in PAGES} | {("POST", path) for path in ANSWERS})
"""Every route of the door that is not guarded."""


def _page_route(
    app: Chalice, doorway: Callable[[], Doorway], view: PageView
) -> Callable[[], Response]:
    return lambda: view(doorway(), current(app))


def _json_route(
    app: Chalice, doorway: Callable[[], Doorway], view: JsonView
) -> Callable[[], Response]:
    return lambda: _answer(view, doorway, current(app))


def _answer(view: JsonView, doorway: Callable[[], Doorway], request: Request) -> Response:
    """The view's answer, or the problem it met as a status and a sentence."""
    try:
        way = doorway()
        if not surely_ours(request, way.siteurl):
            raise FromElsewhere
        return view(way, request, _read_body(request))
    except BadName as error:
        return as_json({"error": str(error)}, 422)
    except tuple(PROBLEMS) as error:
        status, sentence = next(PROBLEMS[kind] for kind in PROBLEMS if isinstance(error, kind))
        return as_json({"error": sentence}, status)
    except Exception as error:  # noqa: BLE001 - a script too must get an answer it can show
        logs.report(error)
        return as_json({"error": BROKEN}, 500)


def _signed_in(doorway: Doorway, request: Request, moderator_id: str) -> Response:
    """A session under a new secret; the one that the browser came with is over."""
    _, secret = doorway.people.open_session(moderator_id)
    doorway.people.close_session(cookie_in(request))
    answer = as_json({"next": DESK})
    answer.headers["Set-Cookie"] = cookie_for(secret, doorway.siteurl)
    return answer


def _read_body(request: Request) -> Body:
    """The JSON object in the request; raise `Malformed` or `TooLong`."""
    raw = raw_body(request)
    if len(raw) > BODY_LIMIT:
        raise TooLong
    try:
        body = json.loads(raw, object_pairs_hook=_without_repeats, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(body, dict):
        raise Malformed
    return body


def _without_repeats(pairs: list[tuple[str, Any]]) -> Body:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed
    return found


def _refuse(constant: str) -> NoReturn:
    raise Malformed


def _words(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise Malformed
    return value
