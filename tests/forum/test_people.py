"""Moderators' use cases, with a clock that moves only when told."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum import people
from forum.keys import Key, Keyring
from forum.person import BadName, Ceremony, Passkey, Session, folded, tidy_name
from forum.ports import InvitationSpent, NotEnrolled, PeopleStore
from forum.store.sqlite import Database
from forum.store.sqlite_people import SqlitePeople
from tests.store.people_given import StoppedClock, make_passkey

RING = Keyring((Key("v2", b"2" * 32), Key("v1", b"1" * 32)))


@dataclass
class House:
    """A store and a clock, and the steps that most tests begin with."""

    store: PeopleStore
    clock: StoppedClock

    def invite(self) -> str:
        return people.invite(self.store, self.clock, os.urandom)

    def first(self) -> str | None:
        return people.first_invitation(self.store, self.clock, os.urandom)

    def holds(self, token: str) -> bool:
        return people.check_invitation(self.store, self.clock, token)

    def enrol(self, name: str = "Robin", **passkey: object) -> Passkey:
        made = make_passkey(**{"credential_id": name.encode(), "moderator": name} | passkey)
        people.enrol(self.store, self.clock, self.invite(), name, made)
        return made

    def open(self, moderator_id: str = "Robin") -> tuple[Session, str]:
        return people.open_session(self.store, self.clock, os.urandom, moderator_id)

    def find(self, secret: str) -> Session | None:
        return people.find_session(self.store, self.clock, secret)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(SqlitePeople(Database(tmp_path / "people.sqlite3")), StoppedClock())


def test_an_invitation_is_a_long_token_of_which_only_the_hash_is_kept(
    house: House, tmp_path: Path
) -> None:
    token = house.invite()
    assert len(token) == 43
    assert house.holds(token)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert token.encode() not in kept


def test_an_invitation_holds_for_a_day(house: House) -> None:
    token = house.invite()
    house.clock.pass_by(hours=24, seconds=-1)
    assert house.holds(token)
    house.clock.pass_by(seconds=1)
    assert not house.holds(token)
    with pytest.raises(InvitationSpent):
        people.enrol(house.store, house.clock, token, "Robin", make_passkey())


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\ud800", "é" * 43, "\0"])
def test_a_made_up_invitation_holds_for_nothing(house: House, token: str) -> None:
    house.invite()
    assert not house.holds(token)


def test_who_enrols_is_listed_under_the_id_their_passkey_was_made_for(house: House) -> None:
    house.enrol("  Robin   Quill ")
    (moderator,) = people.moderators(house.store)
    assert moderator.name == "Robin Quill"
    assert moderator.day == house.clock.now().date()


def test_a_first_invitation_voids_the_one_before_it(house: House) -> None:
    first, second = house.first(), house.first()
    assert first is not None
    assert second is not None
    assert not house.holds(first)
    assert house.holds(second)


def test_a_first_invitation_is_void_once_anybody_is_enrolled(house: House) -> None:
    first = house.first()
    house.enrol()
    assert first is not None
    assert not house.holds(first)
    assert house.first() is None


def test_when_the_last_moderator_is_removed_there_can_be_a_first_again(house: House) -> None:
    house.enrol()
    people.remove_moderator(house.store, "Robin")
    assert house.first() is not None


def test_removing_somebody_who_is_not_there_says_so(house: House) -> None:
    with pytest.raises(NotEnrolled):
        people.remove_moderator(house.store, "nobody")


@pytest.mark.parametrize(
    "name", ["Robin", "Zoë", "李", "علی\u200cرضا", "Anne-Marie O'Neill", "x" * 40]
)
def test_people_may_go_by_any_name_of_one_line(name: str) -> None:
    assert tidy_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "x" * 41,
        "a\nb",
        "a\rb",
        "a\0b",
        "a\u2028b",
        "a\u202eb",
        "\u200b",
        "\u200d",
        "\ud800",
        "--",
    ],
)
def test_a_name_that_hides_something_or_says_nothing_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        tidy_name(name)


@given(st.text(max_size=60))
def test_a_name_is_tidied_once_or_refused_whatever_is_typed(typed: str) -> None:
    try:
        name = tidy_name(typed)
    except BadName:
        return
    assert tidy_name(name) == name
    assert 1 <= len(name) <= 40
    assert len(name.splitlines()) == 1


def test_names_that_look_alike_are_one_name(house: House) -> None:
    house.enrol("Robin")
    assert folded("ROBIN") == folded("ｒｏｂｉｎ") == folded("Ro\u200dbin")
    assert not people.name_is_free(house.store, "ROBIN")
    assert people.name_is_free(house.store, "Sam")


def test_a_challenge_is_spent_by_its_first_use(house: House) -> None:
    challenge = people.sign_in_challenge(house.store, house.clock, os.urandom)
    spent = people.spend_challenge(house.store, house.clock, Ceremony.SIGN_IN, challenge.value)
    assert spent == challenge
    with pytest.raises(people.ChallengeSpent):
        people.spend_challenge(house.store, house.clock, Ceremony.SIGN_IN, challenge.value)


def test_a_challenge_holds_for_five_minutes(house: House) -> None:
    challenge = people.sign_in_challenge(house.store, house.clock, os.urandom)
    house.clock.pass_by(minutes=5)
    with pytest.raises(people.ChallengeSpent):
        people.spend_challenge(house.store, house.clock, Ceremony.SIGN_IN, challenge.value)


def test_a_challenge_for_one_ceremony_is_worth_nothing_in_the_other(house: House) -> None:
    challenge = people.enrolment_challenge(house.store, house.clock, os.urandom)
    with pytest.raises(people.ChallengeSpent):
        people.spend_challenge(house.store, house.clock, Ceremony.SIGN_IN, challenge.value)


def test_an_enrolment_challenge_brings_a_fresh_id(house: House) -> None:
    one = people.enrolment_challenge(house.store, house.clock, os.urandom)
    two = people.enrolment_challenge(house.store, house.clock, os.urandom)
    assert one.moderator != two.moderator
    assert len(one.moderator) == 16
    assert set(one.moderator) <= set("abcdefghijklmnopqrstuvwxyz234567")


@pytest.mark.parametrize(("kept", "said"), [(5, 5), (5, 4), (5, 0), (1, 1)])
def test_a_count_that_does_not_grow_means_a_copied_passkey(
    house: House, kept: int, said: int
) -> None:
    passkey = house.enrol(sign_count=kept)
    with pytest.raises(people.CopiedPasskey):
        people.count_use(house.store, passkey, said)


@pytest.mark.parametrize(("kept", "said"), [(0, 0), (0, 1), (5, 6), (5, 500)])
def test_a_count_that_grows_or_was_never_kept_is_fine(house: House, kept: int, said: int) -> None:
    passkey = house.enrol(sign_count=kept)
    people.count_use(house.store, passkey, said)
    found = people.find_passkey(house.store, passkey.credential_id)
    assert found is not None
    assert found.sign_count == said


def test_a_moderator_can_be_given_a_second_passkey(house: House) -> None:
    house.enrol()
    people.add_passkey(house.store, make_passkey(credential_id=b"spare", moderator="Robin"))
    assert people.find_passkey(house.store, b"spare")


def test_a_session_is_found_by_its_secret_alone(house: House, tmp_path: Path) -> None:
    house.enrol()
    session, secret = house.open()
    assert house.find(secret) == session
    assert house.find(session.id) is None
    assert house.find("") is None
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in kept


def test_a_session_ends_after_half_an_hour_without_use(house: House) -> None:
    house.enrol()
    _, secret = house.open()
    house.clock.pass_by(minutes=29)
    assert house.find(secret)
    house.clock.pass_by(minutes=29)
    assert house.find(secret)
    house.clock.pass_by(minutes=30)
    assert house.find(secret) is None
    house.clock.pass_by(minutes=-30)
    assert house.find(secret) is None, "an ended session never comes back"


def test_a_session_ends_after_two_hours_however_busy(house: House) -> None:
    house.enrol()
    _, secret = house.open()
    for _ in range(7):
        house.clock.pass_by(minutes=17)
        assert house.find(secret)
    house.clock.pass_by(minutes=1)
    assert house.find(secret) is None


def test_the_last_use_is_written_at_most_once_a_minute(house: House) -> None:
    house.enrol()
    session, secret = house.open()
    house.clock.pass_by(seconds=59)
    house.find(secret)
    assert house.store.session(session.id) == session
    house.clock.pass_by(seconds=1)
    house.find(secret)
    seen = house.store.session(session.id)
    assert seen is not None
    assert seen.seen == house.clock.now()


def test_signing_out_ends_one_session_and_close_all_the_rest(house: House) -> None:
    house.enrol()
    (_, one), (_, two), (_, three) = house.open(), house.open(), house.open()
    people.close_session(house.store, one)
    assert house.find(one) is None
    assert house.find(two)
    assert people.close_all(house.store, "Robin") == 2
    assert house.find(three) is None


def test_a_removed_moderator_is_out_at_once_and_stays_out(house: House) -> None:
    house.enrol()
    _, secret = house.open()
    people.remove_moderator(house.store, "Robin")
    assert house.find(secret) is None
    with pytest.raises(NotEnrolled):
        house.open()


def test_a_form_token_belongs_to_its_session(house: House) -> None:
    house.enrol()
    (mine, _), (other, _) = house.open(), house.open()
    token = people.csrf_token(RING, mine)
    assert people.csrf_ok(RING, mine, token)
    assert not people.csrf_ok(RING, other, token)


def test_a_form_token_under_an_older_key_still_counts(house: House) -> None:
    house.enrol()
    session, _ = house.open()
    token = people.csrf_token(Keyring(RING.all[1:]), session)
    assert people.csrf_ok(RING, session, token)
    assert not people.csrf_ok(Keyring(RING.all[:1]), session, token)


@pytest.mark.parametrize("token", ["", ".", "v2", "v2.", "v2.0", "v3.00", "v2.\ud800", "v2.é"])
def test_a_made_up_form_token_counts_for_nothing(house: House, token: str) -> None:
    house.enrol()
    session, _ = house.open()
    assert not people.csrf_ok(RING, session, token)


def test_what_ran_out_is_erased(house: House) -> None:
    house.enrol()
    house.invite()
    people.sign_in_challenge(house.store, house.clock, os.urandom)
    house.open()
    assert people.erase_expired(house.store, house.clock.now()) == 0
    house.clock.pass_by(hours=24)
    assert people.erase_expired(house.store, house.clock.now()) == 3
