"""What the team's members may do about each other, and what the record says of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forum.person import LastCoordinator, NotTheirs, Role
from forum.rows import InvitationSpent, NotEnrolled
from forum.team import AlreadyAsked, NoRole, NothingToAgree
from tests.forum.people_house import COORDINATOR, MODERATOR, OPERATOR, House, open_house
from tests.store.people_given import make_passkey


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A team of four, whose ids are their names."""
    house = open_house(tmp_path)
    house.enrol("Ash", COORDINATOR)
    house.enrol("Kit", MODERATOR)
    house.enrol("Robin", MODERATOR)
    house.enrol("Sam", {Role.SAFETY_LEAD})
    return house


def recover(house: House, token: str, credential_id: bytes = b"new", name: str = "Robin") -> None:
    made = make_passkey(credential_id=credential_id, moderator=name)
    house.people.recover(token, made)


# Roles.


def test_a_coordinator_changes_roles_and_the_record_says_so(house: House) -> None:
    house.team.set_roles("Kit", {Role.COORDINATOR, Role.MODERATOR}, "Ash")
    assert house.one("Kit").roles == {Role.COORDINATOR, Role.MODERATOR}
    assert house.last_recorded() == ("Ash", "roles-changed", "Kit", "coordinator,moderator")


def test_a_change_that_changes_nothing_is_not_recorded(house: House) -> None:
    before = house.recorded()
    house.team.set_roles("Kit", MODERATOR, "Ash")
    assert house.recorded() == before


@pytest.mark.parametrize("who", ["Kit", "Sam", "nobody", "", "operator"])
def test_nobody_but_a_coordinator_or_the_operator_changes_people(house: House, who: str) -> None:
    before = house.recorded()
    for attempt in (
        lambda: house.team.set_roles("Robin", COORDINATOR, who),
        lambda: house.team.set_roles(who, COORDINATOR, who),
        lambda: house.team.remove("Robin", who),
        lambda: house.people.invite(who, COORDINATOR),
        lambda: house.people.revoke("0" * 16, who),
        lambda: house.team.replace_passkey("Robin", who),
    ):
        with pytest.raises(NotTheirs):
            attempt()
    assert house.recorded() == before


def test_a_coordinator_alone_cannot_replace_a_passkey(house: House) -> None:
    with pytest.raises(NotTheirs):
        house.team.replace_passkey("Robin", "Ash")


def test_somebody_keeps_at_least_one_role(house: House) -> None:
    with pytest.raises(NoRole):
        house.team.set_roles("Kit", (), "Ash")


def test_the_last_coordinator_stays_one(house: House) -> None:
    with pytest.raises(LastCoordinator):
        house.team.set_roles("Ash", MODERATOR, "Ash")
    with pytest.raises(LastCoordinator):
        house.team.remove("Ash", "Ash")
    assert house.one("Ash").roles == COORDINATOR


def test_the_operator_can_take_the_role_from_the_last_coordinator(house: House) -> None:
    house.team.set_roles("Ash", MODERATOR, OPERATOR)
    assert not any(one.may(Role.COORDINATOR) for one in house.people.moderators())
    house.team.set_roles("Kit", COORDINATOR, OPERATOR)
    assert house.one("Kit").may(Role.COORDINATOR)


def test_of_two_coordinators_who_demote_each_other_at_once_one_stays(house: House) -> None:
    for attempt in range(20):
        for name in ("Ash", "Kit"):
            house.team.set_roles(name, COORDINATOR, OPERATOR)

        def demote(pair: tuple[str, str]) -> bool:
            try:
                house.team.set_roles(pair[0], MODERATOR, pair[1])
            except (LastCoordinator, NotTheirs):
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            done = list(threads.map(demote, [("Ash", "Kit"), ("Kit", "Ash")]))
        left = [one.name for one in house.people.moderators() if one.may(Role.COORDINATOR)]
        assert len(left) == 1, attempt
        assert sum(done) == 1


def test_who_is_no_coordinator_any_more_has_no_invitation_out(house: House) -> None:
    house.team.set_roles("Kit", COORDINATOR, "Ash")
    token, other = house.invite(by="Kit"), house.invite(by="Ash")
    house.team.set_roles("Kit", MODERATOR, "Ash")
    assert not house.is_invited(token)
    assert house.is_invited(other)


# Leaving.


def test_who_is_removed_is_gone_with_every_way_in_and_the_record_keeps_the_id(
    house: House,
) -> None:
    _, secret = house.open("Robin")
    house.team.remove("Robin", "Ash")
    assert house.names() == ["Ash", "Kit", "Sam"]
    assert house.find(secret) is None
    assert house.people.passkey(b"Robin") is None
    assert house.last_recorded() == ("Ash", "removed", "Robin", "")
    with pytest.raises(NotEnrolled):
        house.team.remove("Robin", "Ash")


def test_a_removed_coordinators_invitations_let_nobody_in(house: House) -> None:
    house.team.set_roles("Kit", COORDINATOR, "Ash")
    token = house.invite(COORDINATOR, by="Kit")
    house.team.remove("Kit", "Ash")
    with pytest.raises(InvitationSpent):
        house.people.enrol(token, "Kit again", make_passkey())


def test_a_coordinator_may_leave_while_there_is_another(house: House) -> None:
    house.team.set_roles("Kit", COORDINATOR, "Ash")
    house.team.remove("Ash", "Ash")
    assert "Ash" not in house.names()
    with pytest.raises(NotTheirs):
        house.team.remove("Sam", "Ash")


# A lost passkey.


def test_two_others_replace_a_lost_passkey_and_everything_old_ends(house: House) -> None:
    _, secret = house.open("Robin")
    house.team.ask_recovery("Robin", "Kit")
    token = house.team.agree_recovery("Robin", "Sam")
    assert house.find(secret), "nothing ends before the link is used"
    recover(house, token)
    assert house.keys_of("Robin") == [b"new"]
    assert house.find(secret) is None
    assert house.one("Robin").roles == MODERATOR
    assert [row[:3] for row in house.recorded()[-3:]] == [
        ("Kit", "recovery-asked", "Robin"),
        ("Sam", "recovery-agreed", "Robin"),
        ("Robin", "recovered", "Robin"),
    ]


def test_the_link_works_once_and_for_that_person_alone(house: House) -> None:
    house.team.ask_recovery("Robin", "Kit")
    token = house.team.agree_recovery("Robin", "Sam")
    for attempt in (
        lambda: recover(house, token, name="Ash"),
        lambda: recover(house, token, name="nobody"),
        lambda: house.people.enrol(token, "Eve", make_passkey(moderator="e" * 16)),
    ):
        with pytest.raises(InvitationSpent):
            attempt()
    recover(house, token)
    with pytest.raises(InvitationSpent):
        recover(house, token, b"newer")


def test_an_ordinary_invitation_replaces_nobodys_passkey(house: House) -> None:
    with pytest.raises(InvitationSpent):
        recover(house, house.invite())
    assert house.keys_of("Robin") == [b"Robin"]


def test_of_two_who_use_the_link_at_once_one_comes_in(house: House) -> None:
    house.team.ask_recovery("Robin", "Kit")
    token = house.team.agree_recovery("Robin", "Sam")

    def attempt(number: int) -> bool:
        try:
            recover(house, token, bytes([number]))
        except InvitationSpent:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1
    assert len(house.keys_of("Robin")) == 1


@pytest.mark.parametrize("who", ["Kit", "Robin"])
def test_neither_who_asked_nor_who_lost_it_can_be_the_second(house: House, who: str) -> None:
    house.team.ask_recovery("Robin", "Kit")
    with pytest.raises((NothingToAgree, NotTheirs)):
        house.team.agree_recovery("Robin", who)
    assert house.people.invitations() == []


def test_nobody_says_it_of_themself_or_of_nobody(house: House) -> None:
    with pytest.raises(NotTheirs):
        house.team.ask_recovery("Robin", "Robin")
    with pytest.raises(NotEnrolled):
        house.team.ask_recovery("nobody", "Kit")
    with pytest.raises(NotEnrolled):
        house.team.ask_recovery("Robin", "nobody")


def test_a_peer_supporter_vouches_for_nobody(house: House) -> None:
    house.enrol("Pat", {Role.PEER_SUPPORTER})
    with pytest.raises(NotTheirs):
        house.team.ask_recovery("Robin", "Pat")
    house.team.ask_recovery("Robin", "Kit")
    with pytest.raises(NotTheirs):
        house.team.agree_recovery("Robin", "Pat")


def test_what_nobody_asked_cannot_be_agreed_to(house: House) -> None:
    with pytest.raises(NothingToAgree):
        house.team.agree_recovery("Robin", "Sam")


def test_what_was_asked_holds_for_a_day(house: House) -> None:
    house.team.ask_recovery("Robin", "Kit")
    house.clock.advance(hours=24)
    assert house.team.recoveries() == []
    with pytest.raises(NothingToAgree):
        house.team.agree_recovery("Robin", "Sam")
    house.team.ask_recovery("Robin", "Sam")
    assert house.team.agree_recovery("Robin", "Kit")


def test_asking_twice_is_told_and_does_not_change_who_asked(house: House) -> None:
    house.team.ask_recovery("Robin", "Kit")
    with pytest.raises(AlreadyAsked):
        house.team.ask_recovery("Robin", "Sam")
    (asked,) = house.team.recoveries()
    assert asked.asked_by == "Kit"
    assert house.team.agree_recovery("Robin", "Sam")


def test_of_two_who_agree_at_once_one_gets_a_link(house: House) -> None:
    house.team.ask_recovery("Robin", "Kit")

    def agree(name: str) -> bool:
        try:
            house.team.agree_recovery("Robin", name)
        except NothingToAgree:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(agree, ["Sam", "Ash"])) == 1
    assert len(house.people.invitations()) == 1


@pytest.mark.parametrize("leaver", ["Robin", "Kit"])
def test_what_was_asked_goes_with_whoever_leaves(house: House, leaver: str) -> None:
    house.team.ask_recovery("Robin", "Kit")
    house.team.remove(leaver, "Ash")
    assert house.team.recoveries() == []
    with pytest.raises((NothingToAgree, NotEnrolled)):
        house.team.agree_recovery("Robin", "Sam")


def test_a_link_is_worth_nothing_once_its_person_was_removed(house: House) -> None:
    house.team.ask_recovery("Robin", "Kit")
    token = house.team.agree_recovery("Robin", "Sam")
    house.team.remove("Robin", "Ash")
    with pytest.raises(InvitationSpent):
        recover(house, token)
    assert "Robin" not in house.names()


def test_who_still_has_their_passkey_stops_it_at_either_step(house: House) -> None:
    house.team.ask_recovery("Robin", "Kit")
    assert house.team.in_doubt() == {"Robin"}
    house.team.stop_recovery("Robin")
    assert house.team.in_doubt() == frozenset()
    assert house.last_recorded()[0] == "Robin"
    house.team.ask_recovery("Robin", "Kit")
    token = house.team.agree_recovery("Robin", "Sam")
    assert house.team.in_doubt() == {"Robin"}
    house.team.stop_recovery("Robin")
    with pytest.raises(InvitationSpent):
        recover(house, token)
    with pytest.raises(NothingToAgree):
        house.team.stop_recovery("Robin")
    assert house.keys_of("Robin") == [b"Robin"]


def test_the_operator_replaces_a_passkey_alone_and_is_named_for_it(house: House) -> None:
    house.team.ask_recovery("Robin", "Kit")
    token = house.team.replace_passkey("Robin", OPERATOR)
    assert house.last_recorded()[:3] == (OPERATOR, "recovery-agreed", "Robin")
    assert house.team.recoveries() == []
    recover(house, token)
    assert house.keys_of("Robin") == [b"new"]
    with pytest.raises(NotEnrolled):
        house.team.replace_passkey("nobody", OPERATOR)


def test_who_came_back_is_not_said_to_have_lost_it_again(house: House) -> None:
    token = house.team.replace_passkey("Robin", OPERATOR)
    house.team.ask_recovery("Robin", "Kit")
    recover(house, token)
    assert house.team.in_doubt() == frozenset()


def test_a_newer_link_for_the_same_person_voids_the_older(house: House) -> None:
    older = house.team.replace_passkey("Robin", OPERATOR)
    newer = house.team.replace_passkey("Robin", OPERATOR)
    assert not house.is_invited(older)
    assert house.is_invited(newer)


def test_what_was_asked_is_erased_when_it_ran_out(house: House) -> None:
    house.team.ask_recovery("Robin", "Kit")
    house.clock.advance(hours=24)
    assert house.people.erase_expired() == 1
