"""The team's page: who is in it, who may do what, and the way back for a lost passkey.

Nothing here says what anybody did or how much. Coordinators change people; two others who know
somebody can let them back in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from chalice.app import Chalice, Request, Response

from doors.answers import page, to
from doors.forms import FORM, read_query, read_texts
from doors.views import current, kindly
from forum.given import first
from forum.person import (
    EVERYBODY,
    VOUCHING,
    Invitation,
    LastCoordinator,
    Moderator,
    NotTheirs,
    Recovery,
    Role,
)
from forum.rows import InvitationSpent, NotEnrolled
from forum.team import AlreadyAsked, NoRole, NothingToAgree, Team
from moderation.door import roles
from moderation.door.guard import (
    SIGN_IN,
    Doorway,
    Person,
    TurnedAway,
    cookie_for,
    guard,
    turned_away,
)
from moderation.door.roughly import left

COORDINATING = frozenset({Role.COORDINATOR})

DONE: Mapping[str, str] = {
    "revoked": "That link does not work any more.",
    "roles": "The roles are changed. They hold from now on.",
    "removed": "That person is not in the team any more.",
    "asked": "Noted for one day. Now somebody else has to agree.",
}
"""What was done, by the word in the address."""
PROBLEMS: Mapping[type[Exception], tuple[int, str]] = {
    NotEnrolled: (404, "That person is not in the team any more. Nothing was changed."),
    LastCoordinator: (
        409,
        "Nobody else is a coordinator, and it takes one. Make somebody else one first.",
    ),
    NoRole: (422, "Tick at least one role. Somebody without a role could do nothing here."),
    InvitationSpent: (404, "That link was used, has run out, or was taken back already."),
    AlreadyAsked: (409, "Somebody said so already. See below what can be done now."),
    NothingToAgree: (
        409,
        "You cannot agree to that. It ran out, was stopped, or takes somebody else than you.",
    ),
}
"""What each failure is to a browser: a status and a sentence for the person."""

View = Callable[..., Response]


def add_routes(app: Chalice, doorway: Callable[[], Doorway]) -> None:
    """Put every route of this module on the app; `doorway` is asked for at each request."""
    answered_kindly = kindly(app)

    def put(
        path: str, view: View, needs: Collection[Role], *, method: str = "POST", fresh: bool = False
    ) -> None:
        def within(person: Person, **parts: str) -> Response:
            return _answered(view, doorway(), current(app), person, **parts)

        given = {} if method == "GET" else {"content_types": [FORM]}
        route = app.route(path, methods=[method], name=view.__name__, **given)
        route(answered_kindly(guard(app, doorway, needs, fresh=fresh)(within)))

    one = "/team/{moderator_id}"
    put("/team", show_team, EVERYBODY, method="GET")
    put("/team/invitations", invite, COORDINATING, fresh=True)
    put("/team/invitations/revoke", revoke, COORDINATING)
    put(one, show_member, COORDINATING, method="GET")
    put(f"{one}/roles", set_roles, COORDINATING, fresh=True)
    put(f"{one}/remove", show_removal, COORDINATING, method="GET")
    put(f"{one}/remove", remove, COORDINATING, fresh=True)
    put(f"{one}/lost", ask_recovery, VOUCHING, fresh=True)
    put(f"{one}/agree", agree_recovery, VOUCHING, fresh=True)


def show_team(doorway: Doorway, request: Request, person: Person) -> Response:
    """Who is in the team; for coordinators, who is invited as well."""
    return _page(doorway, person, said=DONE.get(first(read_query(request), "done"), ""))


def invite(doorway: Doorway, request: Request, person: Person) -> Response:
    """A link for somebody new, shown this once."""
    chosen = roles.chosen(read_texts(request).get("roles", []))
    if not chosen:
        raise NoRole
    token = doorway.people.invite(person.moderator.id, chosen)
    return _link_page(doorway, person, token, roles=roles.named(chosen), called="")


def revoke(doorway: Doorway, request: Request, person: Person) -> Response:
    """Take an invitation back."""
    doorway.people.revoke(first(read_texts(request), "invitation"), person.moderator.id)
    return _done("revoked")


def show_member(doorway: Doorway, request: Request, person: Person, moderator_id: str) -> Response:
    """One person, and what a coordinator can change about them."""
    member = doorway.people.moderator(moderator_id)
    return page(
        "desk/member.html",
        person=person,
        member=member,
        options=roles.options(),
        chosen=[role.value for role in member.roles],
    )


def set_roles(doorway: Doorway, request: Request, person: Person, moderator_id: str) -> Response:
    """Give somebody exactly these roles."""
    chosen = roles.chosen(read_texts(request).get("roles", []))
    Team(doorway.people).set_roles(moderator_id, chosen, person.moderator.id)
    return _done("roles")


def show_removal(doorway: Doorway, request: Request, person: Person, moderator_id: str) -> Response:
    """What it means to take somebody off the team, before it is done."""
    member = doorway.people.moderator(moderator_id)
    return page("desk/removal.html", person=person, member=member)


def remove(doorway: Doorway, request: Request, person: Person, moderator_id: str) -> Response:
    """Take somebody off the team; who takes off themself is signed out by that."""
    Team(doorway.people).remove(moderator_id, person.moderator.id)
    if moderator_id == person.moderator.id:
        return to(SIGN_IN, {"Set-Cookie": cookie_for("", doorway.siteurl)})
    return _done("removed")


def ask_recovery(doorway: Doorway, request: Request, person: Person, moderator_id: str) -> Response:
    """Say that somebody else lost their passkey."""
    Team(doorway.people).ask_recovery(moderator_id, person.moderator.id)
    return _done("asked")


def agree_recovery(
    doorway: Doorway, request: Request, person: Person, moderator_id: str
) -> Response:
    """A link to a new passkey for somebody who lost theirs, shown this once."""
    token = Team(doorway.people).agree_recovery(moderator_id, person.moderator.id)
    called = doorway.people.moderator(moderator_id).name
    return _link_page(doorway, person, token, roles=[], called=called)


def _answered(
    view: View, doorway: Doorway, request: Request, person: Person, **parts: str
) -> Response:
    """The view's answer, or the team's page with the problem that it met."""
    try:
        return view(doorway, request, person, **parts)
    except NotTheirs:
        turned = TurnedAway(403, "not-yours", person.moderator)
        return turned_away(request, turned, COORDINATING)
    except tuple(PROBLEMS) as error:
        status, sentence = PROBLEMS[type(error)]
        return _page(doorway, person, status, problem=sentence)


def _page(
    doorway: Doorway, person: Person, status: int = 200, *, said: str = "", problem: str = ""
) -> Response:
    people, team = doorway.people, Team(doorway.people)
    members = people.moderators()
    names = {member.id: member.name for member in members}
    asked = {recovery.moderator: recovery for recovery in team.recoveries()}
    doubt = team.in_doubt()
    now = people.clock.now()
    return page(
        "desk/team.html",
        status,
        person=person,
        said=said,
        problem=problem,
        coordinates=person.moderator.may(Role.COORDINATOR),
        vouches=person.moderator.may_any(VOUCHING),
        members=[
            _member(one, person, asked.get(one.id), names, one.id in doubt) for one in members
        ],
        invitations=[
            {
                "id": invitation.id,
                "roles": roles.named(invitation.roles),
                "by": _named(invitation, names),
                "left": left(invitation.until, now),
            }
            for invitation in people.invitations()
            if not invitation.moderator
        ],
        options=roles.options(),
    )


def _member(
    member: Moderator,
    person: Person,
    asked: Recovery | None,
    names: Mapping[str, str],
    in_doubt: bool,
) -> Mapping[str, object]:
    """One line of the list: who it is, and how far a recovery has come."""
    me = person.moderator.id
    return {
        "id": member.id,
        "name": member.name,
        "day": member.day,
        "roles": roles.named(member.roles),
        "you": member.id == me,
        "in_doubt": in_doubt,
        "asked_by": names.get(asked.asked_by, "") if asked else "",
        "asked_by_you": asked is not None and asked.asked_by == me,
    }


def _named(invitation: Invitation, names: Mapping[str, str]) -> str:
    return names.get(invitation.invited_by, "whoever runs the site")


def _link_page(doorway: Doorway, person: Person, token: str, **context: Any) -> Response:
    link = f"{doorway.siteurl}/moderation/enrol?invitation={token}"
    return page("desk/link.html", person=person, link=link, **context)


def _done(what: str) -> Response:
    return to(f"{roles.TEAM}?done={what}")
