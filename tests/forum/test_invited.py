"""Who comes in by an invitation, and as what; and what a clock that jumps does to ways in."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum.people import ChallengeSpent
from forum.person import BadName, Ceremony, Role, tidy_label
from forum.rows import InvitationSpent
from tests.forum.people_house import OPERATOR, House, open_house
from tests.store.people_given import make_passkey


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(tmp_path)


# Who comes in as what.


def test_the_first_moderator_may_do_all_that_one_person_has_to(house: House) -> None:
    token = house.people.invite_first()
    assert token is not None
    first = house.people.enrol(token, "Robin", make_passkey(moderator="Robin"))
    assert first.roles == {Role.MODERATOR, Role.SAFETY_LEAD, Role.COORDINATOR}
    assert first.learning == 0
    assert house.one() == first


@pytest.mark.parametrize("role", Role)
def test_who_is_invited_comes_in_with_the_roles_of_the_invitation(house: House, role: Role) -> None:
    house.enrol(roles={role})
    assert house.one().roles == {role}


def test_a_safety_lead_may_do_what_a_moderator_may_and_nobody_else_more(house: House) -> None:
    for role in Role:
        house.enrol(role.value, roles={role})
        may = {other for other in Role if house.one(role.value).may(other)}
        assert may == {role} | ({Role.MODERATOR} if role is Role.SAFETY_LEAD else set())


def test_a_buddy_reads_along_with_a_newcomers_first_decisions(house: House) -> None:
    house.enrol()
    assert house.one().learning == 20
    for _ in range(21):
        house.people.learned("Robin")
    assert house.one().learning == 0
    house.people.learned("nobody")


def test_open_invitations_are_listed_until_they_are_used_or_run_out(house: House) -> None:
    house.invite({Role.PEER_SUPPORTER})
    house.clock.advance(hours=1)
    token = house.invite({Role.MODERATOR, Role.COORDINATOR})
    assert [one.roles for one in house.people.invitations()] == [
        {Role.PEER_SUPPORTER},
        {Role.MODERATOR, Role.COORDINATOR},
    ]
    house.people.enrol(token, "Robin", make_passkey())
    assert len(house.people.invitations()) == 1
    house.clock.advance(hours=23)
    assert house.people.invitations() == []


def test_an_invitation_that_is_taken_back_lets_nobody_in(house: House) -> None:
    token, other = house.invite(), house.invite()
    (found,) = [one for one in house.people.invitations() if house.people.invitation(token) == one]
    house.people.revoke(found.id, OPERATOR)
    assert not house.is_invited(token)
    assert house.is_invited(other)
    for forged in (found.id, "", "' OR 1=1 --", found.digest.hex()):
        with pytest.raises(InvitationSpent):
            house.people.revoke(forged, OPERATOR)


def test_nobody_can_make_the_link_from_what_pages_and_record_call_it(house: House) -> None:
    token = house.invite()
    (found,) = house.people.invitations()
    assert not house.is_invited(found.id)
    assert not house.is_invited(found.digest.hex())
    assert house.last_recorded() == (OPERATOR, "invited", found.id, "moderator")
    assert token not in str(house.recorded())


def test_the_record_says_who_invited_whom(house: House) -> None:
    token = house.invite()
    (invitation,) = house.people.invitations()
    house.people.enrol(token, "Robin", make_passkey(moderator="r" * 16))
    assert house.recorded() == [
        (OPERATOR, "invited", invitation.id, "moderator"),
        ("r" * 16, "enrolled", "r" * 16, invitation.id),
    ]


# Clocks that jump.


def test_a_clock_that_steps_back_a_little_ends_no_session(house: House) -> None:
    house.enrol()
    _, secret = house.open()
    house.clock.advance(minutes=-5)
    assert house.find(secret)


@pytest.mark.parametrize("jump", [{"days": -1}, {"hours": -3}, {"minutes": -30}, {"days": 365}])
def test_a_clock_that_jumps_ends_every_session(house: House, jump: dict[str, float]) -> None:
    house.enrol()
    _, secret = house.open()
    house.clock.advance(**jump)
    assert house.find(secret) is None


def test_a_clock_that_jumps_forward_ends_whatever_lets_somebody_in(house: House) -> None:
    house.enrol()
    token, challenge = house.invite(), house.people.challenge(Ceremony.SIGN_IN)
    house.clock.advance(days=365)
    assert not house.is_invited(token)
    with pytest.raises(ChallengeSpent):
        house.people.spend_challenge(Ceremony.SIGN_IN, challenge.value)


def test_a_sign_in_is_fresh_for_a_quarter_of_an_hour(house: House) -> None:
    house.enrol()
    session, _ = house.open()
    for minutes, fresh in ((0, True), (14, True), (1, False), (-16, False)):
        house.clock.advance(minutes=minutes)
        assert house.people.is_fresh(session) is fresh


def test_a_challenge_for_one_person_is_worth_nothing_for_another(house: House) -> None:
    challenge = house.people.challenge(Ceremony.ADD, "Robin")
    with pytest.raises(ChallengeSpent):
        house.people.spend_challenge(Ceremony.ADD, challenge.value, "Sam")
    with pytest.raises(ChallengeSpent):
        house.people.spend_challenge(Ceremony.ADD, challenge.value, "Robin")


@pytest.mark.parametrize(
    ("typed", "label"), [("my  phone", "my phone"), ("", "Passkey"), (" ", "Passkey"), ("📱", "📱")]
)
def test_a_passkey_may_be_called_anything_of_one_line(typed: str, label: str) -> None:
    assert tidy_label(typed) == label


@pytest.mark.parametrize("typed", ["x" * 41, "a\nb", "a\u202eb", "\ud800"])
def test_a_passkeys_name_that_hides_something_is_refused(typed: str) -> None:
    with pytest.raises(BadName):
        tidy_label(typed)
