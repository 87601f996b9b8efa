"""The way in and out: enrol with an invitation, sign in with a passkey, sign out.

The views here are the only ones that nobody need be signed in for. What they answer to a script
is JSON: `{"next": ADDRESS}` or the ceremony's options.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalice.app import Chalice, Request, Response

from doors.answers import as_json, page, to
from doors.forms import FORM, read_query
from doors.views import current, kindly
from forum.given import first
from forum.person import EVERYBODY, Ceremony, Invitation, tidy_name
from forum.rows import InvitationSpent, NotEnrolled, PersonNameTaken
from moderation.door import roles
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
)
from moderation.door.scripts import Body, JsonView, add_json_routes, words

PageView = Callable[[Doorway, Request], Response]


def add_routes(app: Chalice, doorway: Callable[[], Doorway]) -> None:
    """Put every route of this module on the app; `doorway` is asked for at each request."""
    answered_kindly = kindly(app)
    for path, show in PAGES.items():
        route = app.route(path, methods=["GET"], name=show.__name__)
        route(answered_kindly(_page_route(app, doorway, show)))
    add_json_routes(app, doorway, ANSWERS)
    leave = guard(app, doorway, EVERYBODY)(lambda person: sign_out(doorway(), current(app), person))
    app.route("/sign-out", methods=["POST"], content_types=[FORM], name="sign_out")(
        answered_kindly(leave)
    )


def sign_in_page(doorway: Doorway, request: Request) -> Response:
    """The page with the button; `then` in its address is a word that it hands on."""
    then = first(read_query(request), "then")
    return page("desk/sign_in.html", then=then if then in roles.THEN else "")


def sign_in_options(doorway: Doorway, request: Request, body: Body) -> Response:
    """What the browser is to sign."""
    challenge = doorway.people.challenge(Ceremony.SIGN_IN)
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
    return _signed_in(doorway, request, passkey.moderator, str(body.get("then", "")))


def enrol_page(doorway: Doorway, request: Request) -> Response:
    """The page that a link opens: for somebody new, or for a new passkey; kind when it is spent."""
    token = first(read_query(request), "invitation")
    invitation = doorway.people.invitation(token)
    called = _called(doorway, invitation.moderator) if invitation else ""
    if invitation is None or (invitation.moderator and not called):
        return page("desk/spent.html", status=410)
    return page(
        "desk/enrol.html",
        invitation=token,
        called=called,
        invited_by=_called(doorway, invitation.invited_by),
        roles=roles.named(invitation.roles),
    )


def enrol_options(doorway: Doorway, request: Request, body: Body) -> Response:
    """What the device is to make, once the link and the name are known to be good."""
    invitation = _held(doorway, words(body, "invitation"))
    if invitation.moderator:
        return _recovery_options(doorway, invitation)
    name = tidy_name(words(body, "name"))
    if not doorway.people.name_is_free(name):
        raise PersonNameTaken
    challenge = doorway.people.enrolment_challenge()
    return as_json({"publicKey": creation_options(doorway.siteurl, challenge, name)})


def enrol(doorway: Doorway, request: Request, body: Body) -> Response:
    """Use the link up for the passkey that was made, and open its first session."""
    token = words(body, "invitation")
    invitation = _held(doorway, token)
    answer = read_answer(body.get("credential"))
    ceremony = Ceremony.RECOVER if invitation.moderator else Ceremony.ENROL
    challenge = doorway.people.spend_challenge(ceremony, answer.challenge)
    passkey = enrolled(doorway.siteurl, challenge, answer)
    if invitation.moderator:
        doorway.people.recover(token, passkey)
    else:
        doorway.people.enrol(token, words(body, "name"), passkey)
    return _signed_in(doorway, request, passkey.moderator)


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


def _held(doorway: Doorway, token: str) -> Invitation:
    """What the token lets somebody do; raise `InvitationSpent`."""
    invitation = doorway.people.invitation(token)
    if invitation is None:
        raise InvitationSpent
    return invitation


def _recovery_options(doorway: Doorway, invitation: Invitation) -> Response:
    """What the device is to make for somebody who is enrolled."""
    moderator = doorway.people.moderator(invitation.moderator)
    challenge = doorway.people.challenge(Ceremony.RECOVER, moderator.id)
    options = creation_options(doorway.siteurl, challenge, moderator.name)
    return as_json({"publicKey": options})


def _called(doorway: Doorway, moderator_id: str) -> str:
    """The name of somebody enrolled, else an empty string."""
    try:
        return doorway.people.moderator(moderator_id).name
    except NotEnrolled:
        return ""


def _signed_in(doorway: Doorway, request: Request, moderator_id: str, then: str = "") -> Response:
    """A session under a new secret; the one that the browser came with is over."""
    session, secret = doorway.people.open_session(moderator_id)
    doorway.people.close_session(cookie_in(request))
    answer = as_json({"next": roles.THEN.get(then) or roles.home_of(session.moderator)})
    answer.headers["Set-Cookie"] = cookie_for(secret, doorway.siteurl)
    return answer
