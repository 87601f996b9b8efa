"""Moderators' use cases, with a clock that moves only when told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.keys import Keyring
from forum.people import ChallengeSpent, CopiedPasskey
from forum.person import BadName, Ceremony, folded, tidy_name
from forum.rows import InvitationSpent, NotEnrolled
from tests.forum.people_house import OPERATOR, RING, House, open_house
from tests.store.people_given import make_passkey


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(tmp_path)


def test_an_invitation_is_a_long_token_of_which_only_the_hash_is_kept(
    house: House, tmp_path: Path
) -> None:
    token = house.invite()
    assert len(token) == 43
    assert house.is_invited(token)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert token.encode() not in kept


def test_an_invitation_holds_for_a_day(house: House) -> None:
    token = house.invite()
    house.clock.advance(hours=24, seconds=-1)
    assert house.is_invited(token)
    house.clock.advance(seconds=1)
    assert not house.is_invited(token)
    with pytest.raises(InvitationSpent):
        house.people.enrol(token, "Robin", make_passkey())


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\ud800", "é" * 43, "\0"])
def test_a_made_up_invitation_holds_for_nothing(house: House, token: str) -> None:
    house.invite()
    assert not house.is_invited(token)


def test_who_enrols_is_listed_under_the_id_their_passkey_was_made_for(house: House) -> None:
    house.enrol("  Robin   Quill ")
    (moderator,) = house.people.moderators()
    assert moderator.name == "Robin Quill"
    assert moderator.day == house.clock.now().date()


def test_a_first_invitation_voids_the_one_before_it(house: House) -> None:
    first, second = house.people.invite_first(), house.people.invite_first()
    assert first is not None
    assert second is not None
    assert not house.is_invited(first)
    assert house.is_invited(second)


def test_a_first_invitation_is_void_once_anybody_is_enrolled(house: House) -> None:
    first = house.people.invite_first()
    house.enrol()
    assert first is not None
    assert not house.is_invited(first)
    assert house.people.invite_first() is None


def test_when_the_last_moderator_is_removed_there_can_be_a_first_again(house: House) -> None:
    house.enrol()
    house.team.remove("Robin", OPERATOR)
    assert house.people.invite_first() is not None


def test_removing_somebody_who_is_not_there_says_so(house: House) -> None:
    with pytest.raises(NotEnrolled):
        house.team.remove("nobody", OPERATOR)


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
    assert not house.people.name_is_free("ROBIN")
    assert house.people.name_is_free("Sam")


def test_a_challenge_is_spent_by_its_first_use(house: House) -> None:
    challenge = house.people.challenge(Ceremony.SIGN_IN)
    spent = house.people.spend_challenge(Ceremony.SIGN_IN, challenge.value)
    assert spent == challenge
    with pytest.raises(ChallengeSpent):
        house.people.spend_challenge(Ceremony.SIGN_IN, challenge.value)


def test_a_challenge_holds_for_five_minutes(house: House) -> None:
    challenge = house.people.challenge(Ceremony.SIGN_IN)
    house.clock.advance(minutes=5)
    with pytest.raises(ChallengeSpent):
        house.people.spend_challenge(Ceremony.SIGN_IN, challenge.value)


def test_a_challenge_for_one_ceremony_is_worth_nothing_in_the_other(house: House) -> None:
    challenge = house.people.enrolment_challenge()
    with pytest.raises(ChallengeSpent):
        house.people.spend_challenge(Ceremony.SIGN_IN, challenge.value)


def test_an_enrolment_challenge_brings_a_fresh_id(house: House) -> None:
    one = house.people.enrolment_challenge()
    two = house.people.enrolment_challenge()
    assert one.moderator != two.moderator
    assert len(one.moderator) == 16
    assert set(one.moderator) <= set("abcdefghijklmnopqrstuvwxyz234567")


@pytest.mark.parametrize(("kept", "said"), [(5, 5), (5, 4), (5, 0), (1, 1)])
def test_a_count_that_does_not_grow_means_a_copied_passkey(
    house: House, kept: int, said: int
) -> None:
    passkey = house.enrol(sign_count=kept)
    with pytest.raises(CopiedPasskey):
        house.people.count_use(passkey, said)


@pytest.mark.parametrize(("kept", "said"), [(0, 0), (0, 1), (5, 6), (5, 500)])
def test_a_count_that_grows_or_was_never_kept_is_fine(house: House, kept: int, said: int) -> None:
    passkey = house.enrol(sign_count=kept)
    house.people.count_use(passkey, said)
    found = house.people.passkey(passkey.credential_id)
    assert found is not None
    assert found.sign_count == said


def test_a_session_is_found_by_its_secret_alone(house: House, tmp_path: Path) -> None:
    house.enrol()
    session, secret = house.open()
    assert house.find(secret) == session
    assert house.find(session.id) is None
    assert house.find("") is None
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert secret.encode() not in kept


def test_a_session_ends_after_half_an_hour_without_use(house: House) -> None:
    house.enrol()
    _, secret = house.open()
    house.clock.advance(minutes=29)
    assert house.find(secret)
    house.clock.advance(minutes=29)
    assert house.find(secret)
    house.clock.advance(minutes=30)
    assert house.find(secret) is None
    house.clock.advance(minutes=-30)
    assert house.find(secret) is None, "an ended session never comes back"


def test_a_session_ends_after_two_hours_however_busy(house: House) -> None:
    house.enrol()
    _, secret = house.open()
    for _ in range(7):
        house.clock.advance(minutes=17)
        assert house.find(secret)
    house.clock.advance(minutes=1)
    assert house.find(secret) is None


def test_the_last_use_is_written_at_most_once_a_minute(house: House) -> None:
    house.enrol()
    session, secret = house.open()
    house.clock.advance(seconds=59)
    house.find(secret)
    assert house.people.store.session(session.id) == session
    house.clock.advance(seconds=1)
    house.find(secret)
    seen = house.people.store.session(session.id)
    assert seen is not None
    assert seen.seen == house.clock.now()


def test_signing_out_ends_one_session_and_no_other(house: House) -> None:
    house.enrol()
    (_, one), (_, two) = house.open(), house.open()
    house.people.close_session(one)
    assert house.find(one) is None
    assert house.find(two)


def test_a_removed_moderator_is_out_at_once_and_stays_out(house: House) -> None:
    house.enrol()
    _, secret = house.open()
    house.team.remove("Robin", OPERATOR)
    assert house.find(secret) is None
    with pytest.raises(NotEnrolled):
        house.open()


def test_a_form_token_belongs_to_its_session(house: House) -> None:
    house.enrol()
    (mine, _), (other, _) = house.open(), house.open()
    token = house.people.csrf_token(mine)
    assert house.people.csrf_ok(mine, token)
    assert not house.people.csrf_ok(other, token)


def test_a_form_token_under_an_older_key_still_counts(house: House) -> None:
    house.enrol()
    session, _ = house.open()
    token = house.under(Keyring(RING.all[1:])).csrf_token(session)
    assert house.people.csrf_ok(session, token)
    assert not house.under(Keyring(RING.all[:1])).csrf_ok(session, token)


@pytest.mark.parametrize("token", ["", ".", "v2", "v2.", "v2.0", "v3.00", "v2.\ud800", "v2.é"])
def test_a_made_up_form_token_counts_for_nothing(house: House, token: str) -> None:
    house.enrol()
    session, _ = house.open()
    assert not house.people.csrf_ok(session, token)


def test_what_ran_out_is_erased(house: House) -> None:
    house.enrol()
    house.invite()
    house.people.challenge(Ceremony.SIGN_IN)
    house.open()
    assert house.people.erase_expired() == 0
    house.clock.advance(hours=24)
    assert house.people.erase_expired() == 3
