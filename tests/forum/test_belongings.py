"""One's own passkeys, sessions and choices: nobody reaches anybody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forum.belongings import MOST_PASSKEYS, NotFound, TooManyPasskeys
from forum.person import BadName, LastPasskey
from forum.rows import NotEnrolled, PasskeyTaken
from tests.forum.people_house import OPERATOR, House, open_house
from tests.store.people_given import make_passkey


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Two people, whose ids are their names."""
    house = open_house(tmp_path)
    house.enrol("Robin")
    house.enrol("Sam")
    return house


def test_a_second_passkey_is_one_more_way_in_and_recorded(house: House) -> None:
    house.add("Robin", b"phone", "  my   phone ")
    first, second = house.own.passkeys("Robin")
    assert (first.label, second.label) == ("First passkey", "my phone")
    assert second.day == house.clock.now().date()
    assert house.last_recorded() == ("Robin", "passkey-added", "Robin", "")


def test_a_passkey_that_anybody_has_is_not_taken_twice(house: House) -> None:
    for taken in (b"Robin", b"Sam"):
        with pytest.raises(PasskeyTaken):
            house.add("Robin", taken)


def test_nobody_adds_a_passkey_once_they_are_removed(house: House) -> None:
    house.team.remove("Robin", OPERATOR)
    with pytest.raises(NotEnrolled):
        house.add("Robin", b"phone")


def test_there_is_an_end_to_passkeys_even_for_many_at_once(house: House) -> None:
    def attempt(number: int) -> bool:
        try:
            house.add("Robin", bytes([number]))
        except TooManyPasskeys:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(attempt, range(MOST_PASSKEYS + 5))) == MOST_PASSKEYS - 1
    assert len(house.own.passkeys("Robin")) == MOST_PASSKEYS
    with pytest.raises(TooManyPasskeys):
        house.own.adding_challenge("Robin")


def test_a_passkey_can_be_called_something_else_by_its_owner_alone(house: House) -> None:
    house.own.rename_passkey("Robin", b"Robin", "blue key")
    assert house.own.passkeys("Robin")[0].label == "blue key"
    for forged in (b"Sam", b"", b"nobody's"):
        with pytest.raises(NotFound):
            house.own.rename_passkey("Robin", forged, "mine")
    with pytest.raises(BadName):
        house.own.rename_passkey("Robin", b"Robin", "a\nb")


def test_the_last_passkey_is_never_removed(house: House) -> None:
    session, _ = house.open("Robin")
    with pytest.raises(LastPasskey):
        house.own.remove_passkey(session, b"Robin")
    assert house.keys_of("Robin") == [b"Robin"]


def test_of_two_passkeys_removed_at_once_one_stays(house: House) -> None:
    session, _ = house.open("Robin")
    for number in range(10):
        house.add("Robin", bytes([number]))

        def attempt(credential_id: bytes) -> bool:
            try:
                house.own.remove_passkey(session, credential_id)
            except LastPasskey:
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            assert sum(threads.map(attempt, house.keys_of("Robin"))) == 1
        assert len(house.keys_of("Robin")) == 1


def test_who_removes_a_passkey_is_signed_out_everywhere_else(house: House) -> None:
    house.add("Robin", b"phone")
    (session, here), (_, there) = house.open("Robin"), house.open("Robin")
    _, sams = house.open("Sam")
    house.own.remove_passkey(session, b"phone")
    assert house.find(here)
    assert house.find(there) is None
    assert house.find(sams)
    assert house.last_recorded() == ("Robin", "passkey-removed", "Robin", "")


def test_nobody_removes_anybody_elses_passkey(house: House) -> None:
    house.add("Robin", b"phone")
    session, _ = house.open("Robin")
    for forged in (b"Sam", b"", b"nobody's"):
        with pytest.raises(NotFound):
            house.own.remove_passkey(session, forged)
    assert house.keys_of("Sam") == [b"Sam"]


def test_sessions_are_listed_while_they_hold(house: House) -> None:
    (first, _), (second, _) = house.open("Robin"), house.open("Robin")
    house.open("Sam")
    assert {one.id for one in house.own.sessions("Robin")} == {first.id, second.id}
    house.clock.advance(minutes=30)
    assert house.own.sessions("Robin") == []


def test_one_can_end_a_session_of_ones_own_and_no_other(house: House) -> None:
    (mine, secret), (sams, sams_secret) = house.open("Robin"), house.open("Sam")
    with pytest.raises(NotFound):
        house.own.end_session("Robin", sams.id)
    house.own.end_session("Robin", mine.id)
    assert house.find(secret) is None
    assert house.find(sams_secret)
    assert house.last_recorded() == ("Robin", "session-ended", "Robin", "")
    with pytest.raises(NotFound):
        house.own.end_session("Robin", mine.id)


def test_one_can_end_all_sessions_but_this_one(house: House) -> None:
    (this, here), (_, there), (_, away) = (house.open("Robin") for _ in range(3))
    _, sams = house.open("Sam")
    assert house.own.end_other_sessions(this) == 2
    assert [bool(house.find(secret)) for secret in (here, there, away, sams)] == [
        True,
        False,
        False,
        True,
    ]
    before = house.recorded()
    assert house.own.end_other_sessions(this) == 0
    assert house.recorded() == before


def test_choices_are_kept_for_one_person_and_never_recorded(house: House) -> None:
    before = house.recorded()
    house.own.choose("Robin", ["grief", "alcohol"], collapsed=False)
    robin, sam = house.one("Robin"), house.one("Sam")
    assert (robin.opt_outs, robin.collapsed) == (("alcohol", "grief"), False)
    assert (sam.opt_outs, sam.collapsed) == ((), True)
    assert house.recorded() == before


def test_a_passkey_remade_after_a_loss_keeps_choices_and_roles(house: House) -> None:
    house.own.choose("Robin", ["grief"], collapsed=False)
    before = house.one("Robin")
    token = house.team.replace_passkey("Robin", OPERATOR)
    house.people.recover(token, make_passkey(credential_id=b"new", moderator="Robin"))
    assert house.one("Robin") == before
