"""Challenges and sessions in DynamoDB: they soon run out, and one caller at a time uses each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forum.people_store import MOST_SESSIONS
from forum.person import By, Ceremony, Challenge, Session
from forum.record import Event
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_people_rows import challenge_row, session_row
from forum.store.dynamodb_record import record_event
from forum.store.dynamodb_turn import (
    AT_ONCE,
    PEOPLE,
    Turn,
    drop_in_parts,
    in_turn,
    person_key,
    roles_now,
)
from forum.store.dynamodb_values import Item
from forum.store.people_rows import session_from, time_from

FORGOTTEN_AT_ONCE = 50
"""Challenges looked through when a new one comes: whoever asks for many makes none of them dear."""


class DynamoSessions:
    """The part of the people's port that passes."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def put_challenge(self, challenge: Challenge, now: datetime) -> None:
        """Keep it, and forget challenges that ran out."""
        others = list(self._dynamo.within(PEOPLE, prefix="challenge#", limit=FORGOTTEN_AT_ONCE))

        def put(change: Change) -> None:
            for key, row in others:
                if row["until"] <= now.timestamp():
                    change.delete(key)
            change.put(person_key("challenge", challenge.value.hex()), challenge_row(challenge))

        self._dynamo.change(put)

    def take_challenge(self, value: bytes) -> Challenge | None:
        """Remove and return it; the guard lets one caller have it."""
        row = self._dynamo.change(lambda change: _taken(change, value))
        if row is None:
            return None
        ceremony, until = Ceremony(row["ceremony"]), time_from(row["until"])
        return Challenge(row["value"], ceremony, row["moderator"], until)

    def put_session(self, session: Session) -> None:
        """Keep it, in place of those of its owner that are too many: it takes a turn for that."""
        owner = session.moderator.id

        def put(turn: Turn) -> None:
            roles_now(turn, owner)
            theirs = turn.every("session", moderator=owner)
            used = sorted(theirs, key=lambda key: (-theirs[key]["seen"], key.sk))
            turn.drop_rows(used[MOST_SESSIONS - 1 :][:AT_ONCE])
            turn.put("session", session.id, session_row(session))

        in_turn(self._dynamo, put)

    def session(self, session_id: str) -> Session | None:
        """The session, as long as its moderator is enrolled."""
        row = self._dynamo.get(person_key("session", session_id))
        owner = self._dynamo.get(person_key("moderator", row["moderator"])) if row else None
        return _session_from(row, owner) if row and owner else None

    def sessions(self, moderator_id: str) -> Sequence[Session]:
        """All of somebody's sessions, the last used first."""
        owner = self._dynamo.get(person_key("moderator", moderator_id))
        if owner is None:
            return []
        found = [_session_from(row, owner) for _, row in self._sessions_of(moderator_id)]
        return sorted(found, key=lambda session: (-session.seen.timestamp(), session.id))

    def see_session(self, session_id: str, at: datetime) -> None:
        """Note that it was used now."""
        key = person_key("session", session_id)

        def see(change: Change) -> None:
            if row := change.get(key):
                change.put(key, {**row, "seen": at.timestamp()})

        self._dynamo.change(see)

    def drop_session(self, session_id: str) -> None:
        """End it."""
        self._dynamo.change(lambda change: change.delete(person_key("session", session_id)))

    def end_session(self, session_id: str, by: By) -> bool:
        """End it if it is one of the asker's own, and record that."""
        key = person_key("session", session_id)

        def end(change: Change) -> bool:
            row = change.get(key)
            if row is None or row["moderator"] != by.who:
                return False
            change.delete(key)
            record_event(change, by.day, by.who, Event.SESSION_ENDED, by.who)
            return True

        return self._dynamo.change(end)

    def end_other_sessions(self, kept: Session, by: By) -> int:
        """End every session of its moderator but this one, and record that.

        In parts, if they are more than one change can hold; the first of them is on record.
        Wherever it is cut off, what has ended has ended, and the rest is simply asked for again.
        """
        owner = kept.moderator.id

        def end(turn: Turn) -> int:
            theirs = turn.every("session", moderator=owner)
            others = [key for key, row in theirs.items() if row["id"] != kept.id]
            ended = turn.drop_rows(others[:AT_ONCE])
            if ended:
                record_event(turn.change, by.day, by.who, Event.SESSION_ENDED, owner)
            return ended

        ended = in_turn(self._dynamo, end)
        return ended + drop_in_parts(self._dynamo, "session", kept.id, moderator=owner)

    def _sessions_of(self, moderator_id: str) -> list[tuple[Key, Item]]:
        found = self._dynamo.within(PEOPLE, prefix="session#")
        return [(key, row) for key, row in found if row["moderator"] == moderator_id]


def _taken(change: Change, value: bytes) -> Item | None:
    key = person_key("challenge", value.hex())
    row = change.get(key)
    if row is not None:
        change.delete(key)
    return row


def _session_from(row: Item, owner: Item) -> Session:
    return session_from({**owner, "session_id": row["id"], **_times(row)})


def _times(row: Item) -> Item:
    return {"until": row["until"], "seen": row["seen"]}
