"""Passkeys in DynamoDB: each lets its owner in, and nobody is left without one."""

from __future__ import annotations

from collections.abc import Sequence

from forum.person import By, LastPasskey, Passkey, Session
from forum.record import Event
from forum.rows import Changed, PasskeyTaken
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_leaving import drop_passkeys
from forum.store.dynamodb_people_rows import passkey_name, passkey_row
from forum.store.dynamodb_record import record_event
from forum.store.dynamodb_turn import (
    PEOPLE,
    Turn,
    drop_in_parts,
    in_turn,
    person_key,
    roles_now,
)
from forum.store.people_rows import passkey_from


class DynamoPasskeys:
    """The part of the people's port that is about passkeys."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey with this id."""
        row = self._dynamo.get(person_key("passkey", passkey_name(credential_id)))
        return passkey_from(row) if row else None

    def passkeys(self, moderator_id: str) -> Sequence[Passkey]:
        """All of somebody's passkeys by day, then by what they are called."""
        rows = [row for _, row in self._dynamo.within(PEOPLE, prefix="passkey#")]
        theirs = [row for row in rows if row["moderator"] == moderator_id]
        theirs.sort(key=lambda row: (row["day"], row["label"], row["credential_id"]))
        return [passkey_from(row) for row in theirs]

    def add_passkey(self, passkey: Passkey, most: int, by: By) -> bool:
        """Keep it, unless its owner has so many, and record that."""

        def add(turn: Turn) -> bool:
            roles_now(turn, passkey.moderator)
            if len(turn.every("passkey", moderator=passkey.moderator)) >= most:
                return False
            put_passkey(turn, passkey)
            record_event(turn.change, by.day, by.who, Event.PASSKEY_ADDED, passkey.moderator)
            return True

        return in_turn(self._dynamo, add)

    def rename_passkey(self, moderator_id: str, credential_id: bytes, label: str) -> bool:
        """Call one of somebody's own passkeys something else."""
        key = person_key("passkey", passkey_name(credential_id))

        def rename(change: Change) -> bool:
            row = change.get(key)
            if row is None or row["moderator"] != moderator_id:
                return False
            change.put(key, {**row, "label": label})
            return True

        return self._dynamo.change(rename)

    def drop_passkey(self, kept: Session, credential_id: bytes, by: By) -> bool:
        """Erase it and end its owner's other sessions, unless it is the last; record that.

        The sessions end first, in changes of their own: they may be more than one change can hold.
        Wherever it is cut off, others are signed out and the passkey is still there to be erased:
        it is simply asked for again. What is signed in meanwhile ends with the passkey.
        """
        owner = kept.moderator.id

        def drop(turn: Turn) -> bool:
            if not _is_spare(turn, owner, credential_id):
                return False
            drop_passkeys(turn, by.day, moderator=owner, credential_id=credential_id)
            sessions = turn.every("session", moderator=owner)
            turn.drop_rows(key for key, row in sessions.items() if row["id"] != kept.id)
            record_event(turn.change, by.day, by.who, Event.PASSKEY_REMOVED, owner)
            return True

        if not in_turn(self._dynamo, lambda turn: _is_spare(turn, owner, credential_id)):
            return False
        drop_in_parts(self._dynamo, "session", kept.id, moderator=owner)
        return in_turn(self._dynamo, drop)

    def count(self, passkey: Passkey, sign_count: int) -> None:
        """Put the new count in place of the one in `passkey`."""
        key = person_key("passkey", passkey_name(passkey.credential_id))

        def count(change: Change) -> None:
            row = change.get(key)
            if row is None or row["sign_count"] != passkey.sign_count:
                raise Changed
            change.put(key, {**row, "sign_count": sign_count})

        self._dynamo.change(count)


def put_passkey(turn: Turn, passkey: Passkey) -> None:
    """Keep it; raise `PasskeyTaken` if anybody has it."""
    must_be_free(turn, passkey)
    turn.put("passkey", passkey_name(passkey.credential_id), passkey_row(passkey))


def must_be_free(turn: Turn, passkey: Passkey) -> None:
    """Raise `PasskeyTaken` if anybody has it."""
    if turn.get("passkey", passkey_name(passkey.credential_id)):
        raise PasskeyTaken


def _is_spare(turn: Turn, owner: str, credential_id: bytes) -> bool:
    """Whether it is one of theirs; raise `LastPasskey` if it is all they have."""
    theirs = [row["credential_id"] for row in turn.every("passkey", moderator=owner).values()]
    if theirs == [credential_id]:
        raise LastPasskey
    return credential_id in theirs
