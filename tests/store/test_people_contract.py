"""What every adapter of the people's port promises: a new adapter only joins the list."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from forum.people_store import PeopleStore
from forum.person import Ceremony
from forum.post import State
from forum.rows import Changed, InvitationSpent, NotEnrolled, PasskeyTaken, PersonNameTaken
from tests.builders import NOON, keep, make_claim, make_id, make_post
from tests.store.adapters import Stores
from tests.store.people_given import (
    by,
    make_challenge,
    make_invitation,
    make_moderator,
    make_passkey,
    make_session,
)


@pytest.fixture
def people_store(stores: Stores) -> PeopleStore:
    return stores.people


def enrol(store: PeopleStore, **given: object) -> None:
    """Enrol a moderator with a passkey of the same id."""
    moderator = make_moderator(**given)
    store.put_invitation(make_invitation(), by())
    passkey = make_passkey(credential_id=moderator.id.encode(), moderator=moderator.id)
    store.enrol(b"digest", NOON, moderator, passkey)


def test_who_enrolled_can_be_found_with_their_passkey(people_store: PeopleStore) -> None:
    people_store.put_invitation(make_invitation(), by())
    people_store.enrol(b"digest", NOON, make_moderator(), make_passkey(sign_count=7))
    assert people_store.moderator("a" * 16) == make_moderator()
    assert people_store.passkey(b"one") == make_passkey(sign_count=7)
    assert people_store.moderator("nobody") is None
    assert people_store.passkey(b"none") is None


def test_moderators_are_listed_longest_first(people_store: PeopleStore) -> None:
    enrol(people_store, id="n" * 16, name="Newer", day=date(2026, 11, 23))
    enrol(people_store, id="o" * 16, name="Older", day=date(2026, 10, 1))
    assert [one.name for one in people_store.moderators()] == ["Older", "Newer"]


def test_who_is_removed_holds_nothing_any_more(stores: Stores) -> None:
    enrol(stores.people)
    stores.desk.claim(make_claim(1, moderator="a" * 16), NOON)
    others = stores.desk.claim(make_claim(2, moderator="b" * 16), NOON)
    stores.people.remove("a" * 16, by())
    assert stores.desk.holder(make_id(1), NOON) is None
    assert stores.desk.holder(make_id(2), NOON) == others


def test_what_somebody_removed_approved_first_is_approved_anew(stores: Stores) -> None:
    enrol(stores.people)
    first = {"state": State.SECOND, "approved_hash": "a" * 64}
    theirs = keep(stores.visitors, make_post(1, **first, first_reader="a" * 16))
    others = keep(stores.visitors, make_post(2, **first, first_reader="b" * 16))
    stores.people.remove("a" * 16, by())
    now = stores.desk.post(theirs.id)
    assert now == replace(theirs, first_reader="", approved_hash=None, version=theirs.version + 1)
    assert stores.desk.post(others.id) == others


def test_an_invitation_lets_one_person_enrol(people_store: PeopleStore) -> None:
    enrol(people_store)
    with pytest.raises(InvitationSpent):
        people_store.enrol(b"digest", NOON, make_moderator(id="b" * 16), make_passkey())
    assert people_store.invitation(b"digest") is None


def test_of_two_who_use_one_invitation_at_once_one_enrols(people_store: PeopleStore) -> None:
    people_store.put_invitation(make_invitation(), by())

    def attempt(number: int) -> bool:
        one = make_moderator(id=f"{number:016}", name=f"Person {number}")
        passkey = make_passkey(credential_id=bytes([number]), moderator=one.id)
        try:
            people_store.enrol(b"digest", NOON, one, passkey)
        except InvitationSpent:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1
    assert len(people_store.moderators()) == 1


def test_an_invitation_that_ran_out_enrols_nobody(people_store: PeopleStore) -> None:
    people_store.put_invitation(make_invitation(until=NOON), by())
    with pytest.raises(InvitationSpent):
        people_store.enrol(b"digest", NOON, make_moderator(), make_passkey())
    assert not people_store.moderators()


def test_a_name_that_looks_like_anothers_is_refused_and_the_invitation_kept(
    people_store: PeopleStore,
) -> None:
    enrol(people_store, name="Robin")
    people_store.put_invitation(make_invitation(), by())
    double = make_moderator(id="b" * 16, name="ｒＯＢＩＮ")
    with pytest.raises(PersonNameTaken):
        people_store.enrol(b"digest", NOON, double, make_passkey(moderator=double.id))
    assert people_store.invitation(b"digest") == make_invitation()


def test_a_passkey_that_is_enrolled_cannot_be_enrolled_again(people_store: PeopleStore) -> None:
    enrol(people_store)
    people_store.put_invitation(make_invitation(), by())
    other = make_moderator(id="b" * 16, name="Sam")
    again = make_passkey(credential_id=b"a" * 16, moderator=other.id)
    with pytest.raises(PasskeyTaken):
        people_store.enrol(b"digest", NOON, other, again)
    assert people_store.moderator(other.id) is None
    assert people_store.passkey(b"a" * 16) == make_passkey(credential_id=b"a" * 16)


def test_a_new_first_invitation_voids_the_one_before(people_store: PeopleStore) -> None:
    assert people_store.put_invitation(make_invitation(digest=b"old", first=True), by())
    assert people_store.put_invitation(make_invitation(digest=b"new", first=True), by())
    assert people_store.invitation(b"old") is None
    assert people_store.invitation(b"new") == make_invitation(digest=b"new", first=True)


def test_once_anybody_is_enrolled_there_is_no_first_invitation(people_store: PeopleStore) -> None:
    people_store.put_invitation(make_invitation(digest=b"early", first=True), by())
    enrol(people_store)
    assert people_store.invitation(b"early") is None
    assert not people_store.put_invitation(make_invitation(digest=b"late", first=True), by())
    assert people_store.invitation(b"late") is None


def test_a_count_is_replaced_only_if_nobody_replaced_it_before(people_store: PeopleStore) -> None:
    enrol(people_store)
    passkey = make_passkey(credential_id=b"a" * 16)
    people_store.count(passkey, 3)
    with pytest.raises(Changed):
        people_store.count(passkey, 4)
    kept = people_store.passkey(b"a" * 16)
    assert kept is not None
    assert kept.sign_count == 3


def test_a_removed_moderator_takes_passkeys_and_sessions_along(people_store: PeopleStore) -> None:
    enrol(people_store)
    people_store.put_session(make_session())
    people_store.remove("a" * 16, by())
    assert people_store.moderator("a" * 16) is None
    assert people_store.passkey(b"a" * 16) is None
    assert people_store.session("session") is None
    with pytest.raises(NotEnrolled):
        people_store.remove("a" * 16, by())


def test_a_challenge_comes_back_once_and_whole(people_store: PeopleStore) -> None:
    challenge = make_challenge(ceremony=Ceremony.ENROL, moderator="b" * 16)
    people_store.put_challenge(challenge, NOON)
    assert people_store.take_challenge(challenge.value) == challenge
    assert people_store.take_challenge(challenge.value) is None


def test_of_two_who_take_one_challenge_at_once_one_gets_it(people_store: PeopleStore) -> None:
    challenge = make_challenge()
    people_store.put_challenge(challenge, NOON)
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(people_store.take_challenge, [challenge.value] * 8))
    assert sorted(one is not None for one in taken) == [False] * 7 + [True]


def test_a_new_challenge_clears_away_those_that_ran_out(people_store: PeopleStore) -> None:
    old, new = make_challenge(until=NOON), make_challenge()
    people_store.put_challenge(old, NOON - timedelta(minutes=5))
    people_store.put_challenge(new, NOON)
    assert people_store.take_challenge(old.value) is None
    assert people_store.take_challenge(new.value) == new


def test_a_session_comes_back_with_its_moderator(people_store: PeopleStore) -> None:
    enrol(people_store)
    people_store.put_session(make_session())
    assert people_store.session("session") == make_session()
    people_store.see_session("session", NOON + timedelta(minutes=1))
    assert people_store.session("session") == make_session(seen=NOON + timedelta(minutes=1))


def test_nobody_gets_a_session_who_is_not_enrolled(people_store: PeopleStore) -> None:
    with pytest.raises(NotEnrolled):
        people_store.put_session(make_session())


def test_a_session_ends_without_the_others(people_store: PeopleStore) -> None:
    enrol(people_store)
    for name in ("one", "two"):
        people_store.put_session(make_session(id=name))
    people_store.drop_session("one")
    assert people_store.session("one") is None
    assert people_store.session("two") == make_session(id="two")


def test_touching_or_ending_a_session_that_is_gone_does_nothing(people_store: PeopleStore) -> None:
    people_store.see_session("gone", NOON)
    people_store.drop_session("gone")
    assert people_store.session("gone") is None


def test_what_ran_out_or_lies_idle_is_erased_and_nothing_else(people_store: PeopleStore) -> None:
    enrol(people_store)
    live = make_challenge()
    people_store.put_invitation(make_invitation(digest=b"out", until=NOON), by())
    people_store.put_invitation(make_invitation(digest=b"live"), by())
    people_store.put_challenge(make_challenge(until=NOON), NOON - timedelta(minutes=1))
    people_store.put_session(make_session(id="out", until=NOON))
    people_store.put_session(make_session(id="idle", seen=NOON - timedelta(minutes=30)))
    people_store.put_session(make_session(id="live"))
    assert people_store.erase_expired(NOON, NOON - timedelta(minutes=30)) == 4
    people_store.put_challenge(live, NOON)
    assert people_store.invitation(b"live")
    assert people_store.session("live")
    assert people_store.take_challenge(live.value)
    assert people_store.moderators()
