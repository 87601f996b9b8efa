"""Invitations and recoveries in SQLite: each lets one person in once, and each is on record."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from forum.person import By, Invitation, Recovery
from forum.record import Event
from forum.store.people_checks import must_coordinate, roles_now
from forum.store.people_rows import invitation_from, recovery_from, roles_json, words_of
from forum.store.sqlite import Database
from forum.store.sqlite_record import record_event


class SqliteInvitations:
    """The part of the people's port that lets a new passkey in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_invitation(self, invitation: Invitation, by: By) -> bool:
        """Keep it, in place of those that it voids."""
        with self._database.write() as connection:
            must_coordinate(connection, by)
            if invitation.first:
                if connection.execute("SELECT 1 FROM moderators LIMIT 1").fetchone():
                    return False
                void_first(connection)
            if invitation.moderator:
                roles_now(connection, invitation.moderator)
                _void_recovery(connection, invitation.moderator)
            _insert(connection, invitation, by)
        return True

    def invitation(self, digest: bytes) -> Invitation | None:
        """The invitation with this hash."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT * FROM invitations WHERE digest = ?", (digest,)
            ).fetchone()
        return invitation_from(row) if row else None

    def invitations(self, now: datetime) -> Sequence[Invitation]:
        """Those that hold, the one that runs out first in front."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM invitations WHERE until > ? ORDER BY until, digest",
                (now.timestamp(),),
            ).fetchall()
        return [invitation_from(row) for row in rows]

    def revoke(self, invitation_id: str, by: By) -> bool:
        """Take it back, and record that."""
        with self._database.write() as connection:
            must_coordinate(connection, by)
            gone = connection.execute(
                "DELETE FROM invitations WHERE lower(hex(substr(digest, 1, 8))) = ?",
                (invitation_id,),
            )
            if gone.rowcount:
                record_event(connection, by.day, by.who, Event.INVITATION_REVOKED, invitation_id)
        return gone.rowcount > 0

    def recoveries(self, now: datetime) -> Sequence[Recovery]:
        """What was asked and waits for somebody to agree."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM recoveries WHERE until > ? ORDER BY until, moderator",
                (now.timestamp(),),
            ).fetchall()
        return [recovery_from(row) for row in rows]

    def ask_recovery(self, recovery: Recovery, now: datetime, by: By) -> bool:
        """Keep it, unless somebody asked before and that still holds."""
        with self._database.write() as connection:
            for enrolled in (recovery.moderator, recovery.asked_by):
                roles_now(connection, enrolled)
            _forget_asked(connection, recovery.moderator, now)
            if _asked(connection, recovery.moderator):
                return False
            connection.execute(
                "INSERT INTO recoveries (moderator, asked_by, until) VALUES (?, ?, ?)",
                (recovery.moderator, recovery.asked_by, recovery.until.timestamp()),
            )
            record_event(connection, by.day, by.who, Event.RECOVERY_ASKED, recovery.moderator)
        return True

    def agree_recovery(self, invitation: Invitation, now: datetime, by: By) -> bool:
        """Put the invitation in the place of what somebody else asked."""
        with self._database.write() as connection:
            roles_now(connection, by.who)
            _forget_asked(connection, invitation.moderator, now)
            asked_by = _asked(connection, invitation.moderator)
            if not asked_by or by.who in (asked_by, invitation.moderator):
                return False
            _void_recovery(connection, invitation.moderator)
            _insert(connection, invitation, by)
        return True

    def stop_recovery(self, moderator_id: str, by: By) -> bool:
        """End what was asked and void what was agreed, and record that."""
        with self._database.write() as connection:
            stopped = _void_recovery(connection, moderator_id)
            if stopped:
                record_event(connection, by.day, by.who, Event.RECOVERY_STOPPED, moderator_id)
        return stopped


def void_first(connection: sqlite3.Connection) -> None:
    """No first invitation holds any more."""
    connection.execute("DELETE FROM invitations WHERE first = 1")


def _insert(connection: sqlite3.Connection, invitation: Invitation, by: By) -> None:
    connection.execute(
        "INSERT INTO invitations (digest, first, until, roles, learning, moderator, invited_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            invitation.digest,
            invitation.first,
            invitation.until.timestamp(),
            roles_json(invitation.roles),
            invitation.learning,
            invitation.moderator,
            invitation.invited_by,
        ),
    )
    if invitation.moderator:
        record_event(connection, by.day, by.who, Event.RECOVERY_AGREED, invitation.moderator)
    else:
        roles = ",".join(words_of(invitation.roles))
        record_event(connection, by.day, by.who, Event.INVITED, invitation.id, roles)


def _asked(connection: sqlite3.Connection, moderator_id: str) -> str:
    """Who asked; "" if nobody did."""
    row = connection.execute(
        "SELECT asked_by FROM recoveries WHERE moderator = ?", (moderator_id,)
    ).fetchone()
    return row["asked_by"] if row else ""


def _forget_asked(connection: sqlite3.Connection, moderator_id: str, now: datetime) -> None:
    connection.execute(
        "DELETE FROM recoveries WHERE moderator = ? AND until <= ?",
        (moderator_id, now.timestamp()),
    )


def _void_recovery(connection: sqlite3.Connection, moderator_id: str) -> bool:
    asked = connection.execute("DELETE FROM recoveries WHERE moderator = ?", (moderator_id,))
    agreed = connection.execute("DELETE FROM invitations WHERE moderator = ?", (moderator_id,))
    return asked.rowcount + agreed.rowcount > 0
