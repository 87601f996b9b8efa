"""What every adapter of the people's port promises about changes of the team: all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from forum.people_store import MOST_SESSIONS, PeopleStore
from forum.person import LastCoordinator, LastPasskey, NotTheirs, Role
from forum.rows import InvitationSpent, NotEnrolled, PasskeyTaken
from tests.builders import NOON
from tests.store.adapters import Stores
from tests.store.people_given import (
    by,
    make_invitation,
    make_moderator,
    make_passkey,
    make_recovery,
    make_session,
)

ONE, TWO, THREE = "a" * 16, "b" * 16, "c" * 16
COORDINATOR = frozenset({Role.COORDINATOR})
MODERATOR = frozenset({Role.MODERATOR})
LATER = NOON + timedelta(hours=1)
MANY = 120
"""More than one change of DynamoDB can hold."""


def enrol(store: PeopleStore, moderator_id: str, **given: object) -> None:
    """Enrol somebody whose passkey has the id of its owner."""
    one = make_moderator(id=moderator_id, name=moderator_id, **given)
    store.put_invitation(make_invitation(digest=b"way in"), by())
    passkey = make_passkey(credential_id=moderator_id.encode(), moderator=moderator_id)
    store.enrol(b"way in", NOON, one, passkey)


@pytest.fixture
def store(stores: Stores) -> PeopleStore:
    """Two coordinators and a moderator."""
    enrol(stores.people, ONE, roles=COORDINATOR)
    enrol(stores.people, TWO, roles=COORDINATOR)
    enrol(stores.people, THREE, roles=MODERATOR, learning=2)
    return stores.people


def refused(attempt: Callable[[], object], *errors: type[Exception]) -> bool:
    try:
        attempt()
    except errors:
        return True
    return False


def test_a_moderator_comes_back_with_everything_about_them(store: PeopleStore) -> None:
    store.set_choices(THREE, ["grief", "alcohol"], False)
    found = store.moderator(THREE)
    assert found is not None
    assert (found.roles, found.learning, found.collapsed) == (MODERATOR, 2, False)
    assert found.opt_outs == ("alcohol", "grief")


def test_an_invitation_comes_back_with_everything_about_it(store: PeopleStore) -> None:
    roles = frozenset({Role.PEER_SUPPORTER, Role.COORDINATOR})
    kept = make_invitation(roles=roles, learning=7, invited_by=ONE)
    store.put_invitation(kept, by(ONE))
    assert store.invitation(b"digest") == kept
    assert store.invitations(NOON) == [kept]
    assert store.invitations(kept.until) == []


def test_learning_ends_at_none(store: PeopleStore) -> None:
    for left in (1, 0, 0):
        store.count_learned(THREE)
        found = store.moderator(THREE)
        assert found is not None
        assert found.learning == left


def test_two_decisions_at_once_count_twice(store: PeopleStore) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(store.count_learned, [THREE, THREE]))
    found = store.moderator(THREE)
    assert found is not None
    assert found.learning == 0


@pytest.mark.parametrize("change", ["roles", "removal"])
def test_of_two_coordinators_who_end_each_other_at_once_one_stays(
    store: PeopleStore, change: str
) -> None:
    def end(pair: tuple[str, str]) -> bool:
        whom, who = pair
        if change == "roles":
            return not refused(
                lambda: store.set_roles(whom, MODERATOR, by(who)), LastCoordinator, NotTheirs
            )
        return not refused(
            lambda: store.remove(whom, by(who)), LastCoordinator, NotTheirs, NotEnrolled
        )

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(end, [(ONE, TWO), (TWO, ONE)])) == 1
    assert sum(one.may(Role.COORDINATOR) for one in store.moderators()) == 1


@pytest.mark.parametrize("who", [THREE, "nobody", ""])
def test_nothing_is_changed_for_who_may_not(store: PeopleStore, who: str) -> None:
    before = store.moderators()
    assert refused(lambda: store.set_roles(ONE, MODERATOR, by(who)), NotTheirs)
    assert refused(lambda: store.remove(ONE, by(who)), NotTheirs)
    assert refused(lambda: store.put_invitation(make_invitation(), by(who)), NotTheirs)
    assert refused(lambda: store.revoke("0" * 16, by(who)), NotTheirs)
    assert store.moderators() == before
    assert store.invitations(NOON) == []


def test_an_invitation_for_somebody_who_is_gone_is_refused(store: PeopleStore) -> None:
    with pytest.raises(NotEnrolled):
        store.put_invitation(make_invitation(moderator="nobody"), by())


def test_a_recovery_replaces_every_passkey_and_ends_every_session(store: PeopleStore) -> None:
    store.add_passkey(make_passkey(credential_id=b"phone", moderator=THREE), 9, by(THREE))
    owner = store.moderator(THREE)
    assert owner is not None
    store.put_session(make_session(moderator=owner))
    store.put_invitation(make_invitation(moderator=THREE), by())
    new = make_passkey(credential_id=b"new", moderator=THREE)
    store.recover(b"digest", NOON, new, by(THREE))
    assert [one.credential_id for one in store.passkeys(THREE)] == [b"new"]
    assert store.sessions(THREE) == []
    with pytest.raises(InvitationSpent):
        store.recover(b"digest", NOON, new, by(THREE))


def test_a_recovery_that_fails_leaves_everything_as_it_was(store: PeopleStore) -> None:
    kept = make_invitation(moderator=THREE)
    store.put_invitation(kept, by())
    taken = make_passkey(credential_id=ONE.encode(), moderator=THREE)
    with pytest.raises(PasskeyTaken):
        store.recover(b"digest", NOON, taken, by(THREE))
    with pytest.raises(InvitationSpent):
        store.recover(b"digest", kept.until, make_passkey(moderator=THREE), by(THREE))
    assert [one.credential_id for one in store.passkeys(THREE)] == [THREE.encode()]
    assert store.invitation(b"digest") == kept


def test_what_was_asked_is_kept_once_until_it_runs_out(store: PeopleStore) -> None:
    asked = make_recovery(moderator=THREE, asked_by=ONE)
    assert store.ask_recovery(asked, NOON, by(ONE))
    again = make_recovery(moderator=THREE, asked_by=TWO, until=asked.until + timedelta(hours=1))
    assert not store.ask_recovery(again, NOON, by(TWO))
    assert store.recoveries(NOON) == [asked]
    assert store.recoveries(asked.until) == []
    assert store.ask_recovery(again, asked.until, by(TWO))
    assert store.recoveries(asked.until) == [again]


def test_only_somebody_else_can_agree_and_only_while_it_holds(store: PeopleStore) -> None:
    asked = make_recovery(moderator=THREE, asked_by=ONE)
    link = make_invitation(moderator=THREE)
    assert not store.agree_recovery(link, NOON, by(TWO))
    store.ask_recovery(asked, NOON, by(ONE))
    for who in (ONE, THREE):
        assert not store.agree_recovery(link, NOON, by(who))
    with pytest.raises(NotEnrolled):
        store.agree_recovery(link, NOON, by("nobody"))
    assert not store.agree_recovery(link, asked.until, by(TWO))
    assert store.invitation(b"digest") is None
    store.ask_recovery(asked, NOON, by(ONE))
    assert store.agree_recovery(link, LATER, by(TWO))
    assert store.recoveries(NOON) == []
    assert store.invitation(b"digest") == link


def test_stopping_ends_what_was_asked_and_what_was_agreed(store: PeopleStore) -> None:
    assert not store.stop_recovery(THREE, by(THREE))
    store.ask_recovery(make_recovery(moderator=THREE, asked_by=ONE), NOON, by(ONE))
    assert store.stop_recovery(THREE, by(THREE))
    assert store.recoveries(NOON) == []
    store.put_invitation(make_invitation(moderator=THREE), by())
    assert store.stop_recovery(THREE, by(THREE))
    assert store.invitation(b"digest") is None


def test_the_last_passkey_is_kept_and_with_it_every_session(store: PeopleStore) -> None:
    owner = store.moderator(THREE)
    assert owner is not None
    this, other = make_session(moderator=owner), make_session(id="other", moderator=owner)
    for session in (this, other):
        store.put_session(session)
    with pytest.raises(LastPasskey):
        store.drop_passkey(this, THREE.encode(), by(THREE))
    assert not store.drop_passkey(this, ONE.encode(), by(THREE))
    assert len(store.sessions(THREE)) == 2
    store.add_passkey(make_passkey(credential_id=b"phone", moderator=THREE), 9, by(THREE))
    assert store.drop_passkey(this, b"phone", by(THREE))
    assert store.sessions(THREE) == [this]


def test_what_ran_out_is_erased_with_what_was_asked(store: PeopleStore) -> None:
    asked = make_recovery(moderator=THREE, asked_by=ONE)
    store.ask_recovery(asked, NOON, by(ONE))
    assert store.erase_expired(asked.until - timedelta(seconds=1), NOON) == 0
    assert store.erase_expired(asked.until, NOON) == 1


def test_who_signs_in_without_end_keeps_the_last_used_sessions_and_can_be_removed(
    store: PeopleStore,
) -> None:
    owner, other = store.moderator(THREE), store.moderator(ONE)
    assert owner is not None
    assert other is not None
    store.put_session(make_session(id="another's", moderator=other))
    for number in range(MANY):
        seen = NOON + timedelta(seconds=number)
        store.put_session(make_session(id=f"{number}", moderator=owner, seen=seen))
    last = [f"{MANY - 1 - number}" for number in range(MOST_SESSIONS)]
    assert [one.id for one in store.sessions(THREE)] == last
    store.remove(THREE, by(ONE))
    assert [store.session(name) for name in last] == [None] * MOST_SESSIONS
    assert store.session("another's")


@pytest.mark.parametrize("change", ["roles", "removal"])
def test_who_invited_without_end_can_be_stopped_and_no_invitation_holds(
    store: PeopleStore, change: str
) -> None:
    for number in range(MANY):
        store.put_invitation(make_invitation(digest=b"%d" % number, invited_by=ONE), by(ONE))
    kept = make_invitation(digest=b"another's", invited_by=TWO)
    store.put_invitation(kept, by(TWO))
    if change == "roles":
        store.set_roles(ONE, MODERATOR, by(TWO))
    else:
        store.remove(ONE, by(TWO))
    assert store.invitations(NOON) == [kept]
