"""A team's many rows in DynamoDB: more than one change holds, and what a cut leaves lets nobody in.

The rows are put past the port here, which keeps no such number of sessions: an archive may.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from forum.people_store import PeopleStore
from forum.person import Role
from forum.rows import InvitationSpent, NotEnrolled
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import MOST_ROWS, Change
from forum.store.dynamodb_leaving import remove
from forum.store.dynamodb_people_rows import invitation_row, session_row
from forum.store.dynamodb_turn import PEOPLE, in_turn, person_key
from tests.builders import NOON
from tests.store import dynamodb_given
from tests.store.adapters import open_dynamodb
from tests.store.people_given import (
    by,
    make_invitation,
    make_moderator,
    make_passkey,
    make_session,
)

LEAVER = make_moderator(roles=frozenset({Role.COORDINATOR}))
KEPT = make_session(id="kept", moderator=LEAVER)
MANY = 120


@pytest.fixture
def store(tmp_path: Path) -> PeopleStore:
    """A coordinator with two passkeys."""
    people = open_dynamodb(tmp_path).people
    people.put_invitation(make_invitation(), by())
    people.enrol(b"digest", NOON, LEAVER, make_passkey(moderator=LEAVER.id))
    phone = make_passkey(credential_id=b"phone", moderator=LEAVER.id)
    people.add_passkey(phone, 9, by(LEAVER.id))
    people.put_session(KEPT)
    return people


@pytest.fixture
def dynamo(store: PeopleStore, tmp_path: Path) -> Dynamo:
    """The same tables, with more sessions and invitations of theirs than one change can hold."""
    dynamo = Dynamo(dynamodb_given.client(), dynamodb_given.name_for(tmp_path), clock=lambda: 0.0)
    for first in range(0, MANY, MOST_ROWS // 2):
        dynamo.change(partial(put_many, numbers=range(first, min(first + MOST_ROWS // 2, MANY))))
    return dynamo


def put_many(change: Change, *, numbers: range) -> None:
    for number in numbers:
        session = make_session(id=f"{number}", moderator=LEAVER)
        change.put(person_key("session", session.id), session_row(session))
        invitation = make_invitation(digest=b"%d" % number, invited_by=LEAVER.id)
        change.put(person_key("invitation", invitation.digest.hex()), invitation_row(invitation))


def kinds(dynamo: Dynamo) -> list[str]:
    return [key.sk.partition("#")[0] for key, _ in dynamo.within(PEOPLE)]


def test_signing_out_elsewhere_ends_every_other_session(store: PeopleStore, dynamo: Dynamo) -> None:
    assert len(store.sessions(LEAVER.id)) == MANY + 1
    assert store.end_other_sessions(KEPT, by(LEAVER.id)) == MANY
    assert store.sessions(LEAVER.id) == [KEPT]
    assert store.end_other_sessions(KEPT, by(LEAVER.id)) == 0


def test_giving_a_passkey_up_ends_every_other_session(store: PeopleStore, dynamo: Dynamo) -> None:
    assert len(store.sessions(LEAVER.id)) == MANY + 1
    assert store.drop_passkey(KEPT, b"phone", by(LEAVER.id))
    assert store.sessions(LEAVER.id) == [KEPT]


def test_a_recovery_ends_every_session(store: PeopleStore, dynamo: Dynamo) -> None:
    assert len(store.sessions(LEAVER.id)) == MANY + 1
    store.put_invitation(make_invitation(moderator=LEAVER.id), by())
    new = make_passkey(credential_id=b"new", moderator=LEAVER.id)
    store.recover(b"digest", NOON, new, by(LEAVER.id))
    assert store.sessions(LEAVER.id) == []
    assert store.passkeys(LEAVER.id) == [new]


def test_of_who_is_removed_no_row_stays(store: PeopleStore, dynamo: Dynamo) -> None:
    assert kinds(dynamo).count("session") == MANY + 1
    assert kinds(dynamo).count("invitation") == MANY
    store.remove(LEAVER.id, by())
    assert kinds(dynamo) == ["turn"]


def test_a_removal_that_is_cut_off_in_the_middle_leaves_no_way_in(
    store: PeopleStore, dynamo: Dynamo
) -> None:
    in_turn(dynamo, lambda turn: remove(turn, LEAVER.id, by()))
    assert "session" in kinds(dynamo), "the rest was not reached"
    assert store.session(KEPT.id) is None
    with pytest.raises(NotEnrolled):
        store.put_session(KEPT)
    friend = make_moderator(id="f" * 16, name="Friend")
    with pytest.raises(InvitationSpent):
        store.enrol(b"0", NOON, friend, make_passkey(credential_id=b"new", moderator=friend.id))
    assert store.moderators() == []
