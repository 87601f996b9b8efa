"""The team's page: who sees what, who changes whom, and two people who let a third back in."""

from __future__ import annotations

import re

import pytest

from forum.person import FIRST_ROLES, Role
from tests.doors.authenticator import SecurityKey
from tests.doors.desk_door import Door, public_key, refused
from tests.doors.desk_seat import Seat, leads_to
from tests.doors.seen import Page

LINK = re.compile(r"http://localhost:8000/moderation/enrol\?invitation=([\w-]{43})")


class Desk:
    """A team of four at one door; what each of them holds is kept by name."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.keys: dict[str, SecurityKey] = {}
        self.ash = self.seat("Ash", Role.COORDINATOR)
        self.kit = self.seat("Kit", Role.MODERATOR)
        self.robin = self.seat("Robin", Role.MODERATOR)
        self.sam = self.seat("Sam", Role.SAFETY_LEAD)

    def seat(self, name: str, *roles: Role) -> Seat:
        one, self.keys[name] = Seat(name, self.door.another()), SecurityKey()
        assert one.door.enrol(self.keys[name], name, roles).status_code == 200
        return one

    def press(self, one: Seat, whom: Seat, what: str) -> Page:
        """Press a button of the team's page about somebody; the page that comes of it."""
        answer = one.press(one.open("/team"), f"/team/{whom.who}/{what}")
        if answer.status_code == 303:
            return one.follow(answer)
        assert answer.status_code == 200, answer.body
        return one.page_of(answer)

    def names(self) -> list[str]:
        return sorted(one.name for one in self.door.doorway.people.moderators())

    def comes_back(self, token: str, key: SecurityKey) -> Door:
        """Open the link in a new browser and make a passkey there."""
        door = self.door.another()
        made = key.make(public_key(door.post("/enrol/options", {"invitation": token})))
        answer = door.post("/enrol", {"invitation": token, "credential": made})
        assert answer.status_code == 200, answer.body
        return door


@pytest.fixture
def desk(door: Door) -> Desk:
    return Desk(door)


def token_on(page: Page) -> str:
    """The secret of the link that a page shows."""
    found = LINK.fullmatch(page.by_id("link").value)
    assert found
    return found.group(1)


# Who sees what.


def test_everybody_sees_who_is_in_the_team_and_nothing_they_did(desk: Desk) -> None:
    words = desk.kit.open("/team").words
    for line in (
        "Ash: coordinator. Since 23 November 2026.",
        "Kit (you): moderator.",
        "Sam: safety lead.",
    ):
        assert line in words
    assert not re.search(r"\d+ (post|decision|day)", words)


def test_only_coordinators_are_offered_to_change_people(desk: Desk) -> None:
    offered = {f"/team/{one.who}/lost" for one in (desk.ash, desk.robin, desk.sam)}
    assert leads_to(desk.kit.open("/team")) == offered
    assert "/team/invitations" in leads_to(desk.ash.open("/team"))


def test_a_peer_supporter_sees_the_team_and_changes_nothing(desk: Desk) -> None:
    pat = desk.seat("Pat", Role.PEER_SUPPORTER)
    assert leads_to(pat.open("/team")) == set()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SAFETY_LEAD, Role.PEER_SUPPORTER])
def test_who_is_no_coordinator_is_told_whose_page_it_is(desk: Desk, role: Role) -> None:
    one = desk.seat("Pat", role)
    csrf = one.open("/you").all("input")[0].value
    who = desk.robin.who
    answers = [one.door.get(f"/team/{who}"), one.door.get(f"/team/{who}/remove")]
    for path in ("/team/invitations", f"/team/{who}/roles", f"/team/{who}/remove"):
        answers.append(one.door.send(path, csrf=csrf, roles=["coordinator"]))
    for answer in answers:
        assert answer.status_code == 403
        assert "This page is for coordinators." in one.page_of(answer).words
    assert len(desk.door.doorway.people.invitations()) == 0
    assert "Robin" in desk.names()


# Invitations.


def test_a_coordinator_invites_somebody_with_roles(desk: Desk) -> None:
    page = desk.ash.open("/team")
    answer = desk.ash.press(page, "/team/invitations", roles=["moderator", "peer-supporter"])
    token = token_on(desk.ash.page_of(answer))
    listed = desk.ash.open("/team")
    assert "Moderator, Peer supporter. From Ash. Works for 24 more hours." in listed.words
    assert token not in desk.ash.door.get("/team").body.decode(), "shown once"
    invited = Page(desk.door.another().get(f"/enrol?invitation={token}").body.decode()).words
    assert "Ash invites you. You would be: moderator, peer supporter." in invited


def test_an_invitation_can_be_taken_back(desk: Desk) -> None:
    answer = desk.ash.press(desk.ash.open("/team"), "/team/invitations")
    token = token_on(desk.ash.page_of(answer))
    page = desk.ash.open("/team")
    revoked = desk.ash.follow(desk.ash.press(page, "/team/invitations/revoke"))
    assert "That link does not work any more." in revoked.words
    assert desk.door.another().get(f"/enrol?invitation={token}").status_code == 410
    assert desk.ash.press(page, "/team/invitations/revoke").status_code == 404


def test_an_invitation_from_the_command_line_names_nobody(desk: Desk) -> None:
    body = desk.door.another().get(f"/enrol?invitation={desk.door.invite()}").body.decode()
    assert "Whoever runs this site invites you." in Page(body).words
    assert "operator:" not in body


@pytest.mark.parametrize("roles", [[], ["boss"], ["MODERATOR"]])
def test_an_invitation_to_no_role_is_not_made(desk: Desk, roles: list[str]) -> None:
    answer = desk.ash.press(desk.ash.open("/team"), "/team/invitations", roles=roles)
    assert answer.status_code == 422
    assert "Tick at least one role." in desk.ash.page_of(answer).words


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.MODERATOR, "/moderation/"),
        (Role.SAFETY_LEAD, "/moderation/"),
        (Role.COORDINATOR, "/moderation/team"),
        (Role.PEER_SUPPORTER, "/moderation/you"),
    ],
)
def test_each_comes_in_where_their_work_begins(door: Door, role: Role, home: str) -> None:
    key = SecurityKey()
    assert door.enrol(key, "Pat", {role}).json_body == {"next": home}
    assert door.sign_in(key).json_body == {"next": home}


# Roles.


def test_a_role_that_is_given_holds_at_once(desk: Desk) -> None:
    page = desk.ash.open(f"/team/{desk.kit.who}")
    answer = desk.ash.press(page, f"/team/{desk.kit.who}/roles", roles=["coordinator"])
    assert "The roles are changed." in desk.ash.follow(answer).words
    assert "/team/invitations" in leads_to(desk.kit.open("/team"))
    assert desk.kit.door.get("/desk").status_code == 403, "no reader any more"


def test_the_last_coordinator_is_told_why_they_stay_one(desk: Desk) -> None:
    who = desk.ash.who
    page = desk.ash.open(f"/team/{who}")
    for action, sent in (("roles", {"roles": ["moderator"]}), ("remove", {})):
        on = page if action == "roles" else desk.ash.open(f"/team/{who}/remove")
        answer = desk.ash.press(on, f"/team/{who}/{action}", **sent)
        assert answer.status_code == 409
        assert "Nobody else is a coordinator, and it takes one." in desk.ash.page_of(answer).words


def test_a_coordinator_who_was_demoted_in_the_meantime_changes_nothing(desk: Desk) -> None:
    lee = desk.seat("Lee", Role.COORDINATOR)
    page = lee.open(f"/team/{desk.kit.who}")
    desk.ash.press(desk.ash.open(f"/team/{lee.who}"), f"/team/{lee.who}/roles", roles=["moderator"])
    answer = lee.press(page, f"/team/{desk.kit.who}/roles", roles=["coordinator"])
    assert answer.status_code == 403
    assert desk.door.doorway.people.moderator(desk.kit.who).roles == {Role.MODERATOR}


@pytest.mark.parametrize("forged", ["nobody", "0" * 16, "x%20y", "invitations"])
def test_a_forged_person_is_kindly_told_to_be_gone(desk: Desk, forged: str) -> None:
    csrf = desk.ash.open("/team").all("input")[0].value
    for answer in (
        desk.ash.door.send(f"/team/{forged}/roles", csrf=csrf, roles=["moderator"]),
        desk.ash.door.send(f"/team/{forged}/remove", csrf=csrf),
        desk.ash.door.send(f"/team/{forged}/lost", csrf=csrf),
        desk.ash.door.send(f"/team/{forged}/agree", csrf=csrf),
        desk.ash.door.get(f"/team/{forged}/remove"),
    ):
        assert answer.status_code == 404
        assert "not in the team any more" in desk.ash.page_of(answer).words


# Leaving.


def test_somebody_is_taken_off_the_team_after_a_page_that_says_what_it_means(desk: Desk) -> None:
    who = desk.robin.who
    page = desk.ash.open(f"/team/{who}/remove")
    assert "Posts that they hold go back to the queue." in page.words
    assert "Robin" in desk.names()
    after = desk.ash.follow(desk.ash.press(page, f"/team/{who}/remove"))
    assert "That person is not in the team any more." in after.words
    assert desk.names() == ["Ash", "Kit", "Sam"]
    assert desk.robin.door.get("/you").status_code == 303


def test_a_coordinator_who_leaves_is_signed_out(desk: Desk) -> None:
    lee = desk.seat("Lee", Role.COORDINATOR)
    who = lee.who
    page = lee.open(f"/team/{who}/remove")
    assert page.one("h1").text == "Leave the team"
    answer = lee.press(page, f"/team/{who}/remove")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/moderation/sign-in")
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert "Lee" not in desk.names()


# A lost passkey.


def test_two_colleagues_let_a_third_back_in(desk: Desk) -> None:
    asked = desk.press(desk.kit, desk.robin, "lost")
    assert "Now somebody else has to agree." in asked.words
    assert "Kit says that Robin lost their passkey." in desk.sam.open("/team").words
    token = token_on(desk.press(desk.sam, desk.robin, "agree"))
    page = Page(desk.door.another().get(f"/enrol?invitation={token}").body.decode())
    assert page.one("h1").text == "A new passkey for Robin"
    assert not [field for field in page.fields if field.name == "name"]
    back = desk.comes_back(token, SecurityKey())
    assert back.get("/desk").body.startswith(b"Robin ")
    assert desk.robin.door.get("/desk").status_code == 303, "the old browser is out"
    refused(desk.door.another().sign_in(desk.keys["Robin"]), 403)


def test_a_new_passkey_is_made_by_the_link_alone(desk: Desk) -> None:
    """A challenge of one link, answered with another, brings nobody in."""
    desk.press(desk.kit, desk.robin, "lost")
    token = token_on(desk.press(desk.sam, desk.robin, "agree"))
    stranger, key, invitation = desk.door.another(), SecurityKey(), desk.door.invite()
    made = key.make(stranger.creation(invitation, "Eve"))
    for body in (
        {"invitation": token, "name": "Eve", "credential": made},
        {"invitation": invitation, "name": "Eve", "credential": made},
    ):
        refused(stranger.post("/enrol", body), 400)
    assert desk.names() == ["Ash", "Kit", "Robin", "Sam"]


def test_who_asked_cannot_agree_and_who_lost_it_cannot_either(desk: Desk) -> None:
    desk.press(desk.kit, desk.robin, "lost")
    agree = f"/team/{desk.robin.who}/agree"
    assert agree not in leads_to(desk.kit.open("/team"))
    assert agree not in leads_to(desk.robin.open("/team"))
    for one, status in ((desk.kit, 409), (desk.robin, 403)):
        csrf = one.open("/you").all("input")[0].value
        assert one.door.send(agree, csrf=csrf).status_code == status
    assert not desk.door.doorway.people.invitations()


def test_asking_twice_is_told_kindly(desk: Desk) -> None:
    page = desk.kit.open("/team")
    for status in (303, 409):
        assert desk.kit.press(page, f"/team/{desk.robin.who}/lost").status_code == status


def test_what_was_asked_yesterday_is_over(desk: Desk) -> None:
    desk.press(desk.kit, desk.robin, "lost")
    desk.door.clock.advance(hours=24)
    desk.sam.door.sign_in(desk.keys["Sam"])
    page = desk.sam.open("/team")
    assert f"/team/{desk.robin.who}/agree" not in leads_to(page)
    csrf = page.all("input")[0].value
    answer = desk.sam.door.send(f"/team/{desk.robin.who}/agree", csrf=csrf)
    assert answer.status_code == 409


def test_who_still_has_their_passkey_stops_it_from_the_teams_page(desk: Desk) -> None:
    desk.press(desk.kit, desk.robin, "lost")
    token = token_on(desk.press(desk.sam, desk.robin, "agree"))
    page = desk.robin.open("/team")
    assert "A link to a new passkey for you is out." in page.words
    desk.robin.follow(desk.robin.press(page, "/you/recovery/stop"))
    assert desk.door.another().get(f"/enrol?invitation={token}").status_code == 410
    assert desk.door.another().sign_in(desk.keys["Robin"]).status_code == 200


def test_a_while_after_signing_in_people_do_not_change(desk: Desk) -> None:
    pages = {
        "/team/invitations": desk.ash.open("/team"),
        f"/team/{desk.kit.who}/roles": desk.ash.open(f"/team/{desk.kit.who}"),
        f"/team/{desk.kit.who}/remove": desk.ash.open(f"/team/{desk.kit.who}/remove"),
        f"/team/{desk.kit.who}/lost": desk.ash.open("/team"),
    }
    desk.door.clock.advance(minutes=15)
    for action, page in pages.items():
        answer = desk.ash.press(page, action)
        assert answer.status_code == 403
        assert "Please sign in once more" in desk.ash.page_of(answer).words
    for path in ("/team", f"/team/{desk.kit.who}", f"/team/{desk.kit.who}/remove"):
        page = desk.ash.open(path)
        assert leads_to(page) <= {"/team/invitations/revoke"}
        assert "/moderation/sign-in?then=team" in [a.given["href"] for a in page.all("a")]


def test_the_first_moderator_can_do_all_of_it(door: Door) -> None:
    one = Seat("Robin", door)
    door.enrol(SecurityKey(), "Robin", FIRST_ROLES)
    assert "/team/invitations" in leads_to(one.open("/team"))
    assert door.get("/desk").status_code == 200
