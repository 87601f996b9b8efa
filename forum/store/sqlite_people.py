"""Moderators and their passkeys in SQLite: whatever changes is in the record with the change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from forum.person import By, LastPasskey, Moderator, Passkey, Role, Session, folded
from forum.record import Event
from forum.rows import Changed, InvitationSpent, PasskeyTaken, PersonNameTaken
from forum.store.people_checks import (
    must_coordinate,
    must_leave_a_coordinator,
    roles_now,
    void_invitations_of,
)
from forum.store.people_rows import moderator_from, passkey_from, roles_json, words_of
from forum.store.sqlite import Database
from forum.store.sqlite_invitations import SqliteInvitations, void_first
from forum.store.sqlite_record import record_event
from forum.store.sqlite_sessions import SqliteSessions


class SqlitePeople(SqliteSessions, SqliteInvitations):
    """The people's port on one file; of other tables, the record and what a leaver had begun."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def moderators(self) -> Sequence[Moderator]:
        """Everybody enrolled, longest first."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM moderators ORDER BY day, folded").fetchall()
        return [moderator_from(row) for row in rows]

    def moderator(self, moderator_id: str) -> Moderator | None:
        """One moderator."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT * FROM moderators WHERE id = ?", (moderator_id,)
            ).fetchone()
        return moderator_from(row) if row else None

    def enrol(self, digest: bytes, now: datetime, moderator: Moderator, passkey: Passkey) -> None:
        """Use up the invitation and add both rows, or do nothing; void every first invitation."""
        with self._database.write() as connection:
            invitation = _spend(connection, digest, now)
            void_first(connection)
            _insert_moderator(connection, moderator)
            _insert_passkey(connection, passkey)
            record_event(
                connection, now.date(), moderator.id, Event.ENROLLED, moderator.id, invitation
            )

    def recover(self, digest: bytes, now: datetime, passkey: Passkey, by: By) -> None:
        """Use up the invitation and put the passkey in place of all its owner had."""
        with self._database.write() as connection:
            roles_now(connection, passkey.moderator)
            _spend(connection, digest, now)
            for table in ("passkeys", "sessions", "recoveries"):
                connection.execute(f"DELETE FROM {table} WHERE moderator = ?", (passkey.moderator,))
            _insert_passkey(connection, passkey)
            record_event(connection, by.day, by.who, Event.RECOVERED, passkey.moderator)

    def remove(self, moderator_id: str, by: By) -> None:
        """Erase a moderator and what they had begun; the schema takes passkeys and sessions."""
        with self._database.write() as connection:
            must_coordinate(connection, by)
            roles_now(connection, moderator_id)
            must_leave_a_coordinator(connection, moderator_id, by)
            void_invitations_of(connection, moderator_id)
            connection.execute("DELETE FROM invitations WHERE moderator = ?", (moderator_id,))
            connection.execute("DELETE FROM claims WHERE moderator = ?", (moderator_id,))
            # A first approval is worth what the person is: whoever reads next begins anew.
            connection.execute(
                "UPDATE posts SET first_reader = '', approved_hash = NULL, version = version + 1 "
                "WHERE state = 'second' AND first_reader = ?",
                (moderator_id,),
            )
            connection.execute("DELETE FROM moderators WHERE id = ?", (moderator_id,))
            record_event(connection, by.day, by.who, Event.REMOVED, moderator_id)

    def set_roles(self, moderator_id: str, roles: Collection[Role], by: By) -> None:
        """Give exactly these roles, and record them."""
        with self._database.write() as connection:
            must_coordinate(connection, by)
            if roles_now(connection, moderator_id) == frozenset(roles):
                return
            if Role.COORDINATOR not in roles:
                must_leave_a_coordinator(connection, moderator_id, by)
                void_invitations_of(connection, moderator_id)
            connection.execute(
                "UPDATE moderators SET roles = ? WHERE id = ?", (roles_json(roles), moderator_id)
            )
            said = ",".join(words_of(roles))
            record_event(connection, by.day, by.who, Event.ROLES_CHANGED, moderator_id, said)

    def set_choices(
        self, moderator_id: str, opt_outs: Sequence[str], collapsed: bool, keys: bool = True
    ) -> None:
        """Keep what somebody wants to be spared."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE moderators SET opt_outs = ?, collapsed = ?, keys = ? WHERE id = ?",
                (json.dumps(sorted(opt_outs)), collapsed, keys, moderator_id),
            )

    def count_learned(self, moderator_id: str) -> None:
        """One decision less for a buddy to read along with."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE moderators SET learning = learning - 1 WHERE id = ? AND learning > 0",
                (moderator_id,),
            )

    def give_learning_back(self, moderator_id: str) -> None:
        """One decision more for a buddy to read along with, for somebody who is learning."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE moderators SET learning = learning + 1 WHERE id = ? AND learning > 0",
                (moderator_id,),
            )

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey with this id."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT * FROM passkeys WHERE credential_id = ?", (credential_id,)
            ).fetchone()
        return passkey_from(row) if row else None

    def passkeys(self, moderator_id: str) -> Sequence[Passkey]:
        """All of somebody's passkeys by day, then by what they are called."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM passkeys WHERE moderator = ? ORDER BY day, label, credential_id",
                (moderator_id,),
            ).fetchall()
        return [passkey_from(row) for row in rows]

    def add_passkey(self, passkey: Passkey, most: int, by: By) -> bool:
        """Keep it, unless its owner has so many, and record that."""
        with self._database.write() as connection:
            roles_now(connection, passkey.moderator)
            if _number_of(connection, passkey.moderator) >= most:
                return False
            _insert_passkey(connection, passkey)
            record_event(connection, by.day, by.who, Event.PASSKEY_ADDED, passkey.moderator)
        return True

    def rename_passkey(self, moderator_id: str, credential_id: bytes, label: str) -> bool:
        """Call one of somebody's own passkeys something else."""
        with self._database.write() as connection:
            renamed = connection.execute(
                "UPDATE passkeys SET label = ? WHERE credential_id = ? AND moderator = ?",
                (label, credential_id, moderator_id),
            )
        return renamed.rowcount > 0

    def drop_passkey(self, kept: Session, credential_id: bytes, by: By) -> bool:
        """Erase it and end its owner's other sessions, unless it is the last; record that."""
        owner = kept.moderator.id
        with self._database.write() as connection:
            number = _number_of(connection, owner)
            gone = connection.execute(
                "DELETE FROM passkeys WHERE credential_id = ? AND moderator = ?",
                (credential_id, owner),
            )
            if gone.rowcount == 0:
                return False
            if number == 1:
                raise LastPasskey
            connection.execute(
                "DELETE FROM sessions WHERE moderator = ? AND id != ?", (owner, kept.id)
            )
            record_event(connection, by.day, by.who, Event.PASSKEY_REMOVED, owner)
        return True

    def count(self, passkey: Passkey, sign_count: int) -> None:
        """Put the new count in place of the one in `passkey`."""
        with self._database.write() as connection:
            counted = connection.execute(
                "UPDATE passkeys SET sign_count = ? WHERE credential_id = ? AND sign_count = ?",
                (sign_count, passkey.credential_id, passkey.sign_count),
            )
            if counted.rowcount == 0:
                raise Changed

    def erase_expired(self, now: datetime, idle_since: datetime) -> int:
        """Erase what ran out, and sessions not used after `idle_since`."""
        with self._database.write() as connection:
            gone = [
                connection.execute(f"DELETE FROM {table} WHERE until <= ?", (now.timestamp(),))
                for table in ("invitations", "recoveries", "challenges", "sessions")
            ]
            idle = (idle_since.timestamp(),)
            gone.append(connection.execute("DELETE FROM sessions WHERE seen <= ?", idle))
        return sum(cursor.rowcount for cursor in gone)


def _spend(connection: sqlite3.Connection, digest: bytes, now: datetime) -> str:
    """Use the invitation up; what the record calls it."""
    spent = connection.execute(
        "DELETE FROM invitations WHERE digest = ? AND until > ? "
        "RETURNING lower(hex(substr(digest, 1, 8)))",
        (digest, now.timestamp()),
    ).fetchall()
    if not spent:
        raise InvitationSpent
    called: str = spent[0][0]
    return called


def _number_of(connection: sqlite3.Connection, moderator_id: str) -> int:
    (number,) = connection.execute(
        "SELECT COUNT(*) FROM passkeys WHERE moderator = ?", (moderator_id,)
    ).fetchone()
    return int(number)


def _insert_moderator(connection: sqlite3.Connection, moderator: Moderator) -> None:
    try:
        connection.execute(
            "INSERT INTO moderators (id, name, folded, day, roles, learning) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                moderator.id,
                moderator.name,
                folded(moderator.name),
                moderator.day.isoformat(),
                roles_json(moderator.roles),
                moderator.learning,
            ),
        )
    except sqlite3.IntegrityError:
        raise PersonNameTaken(moderator.name) from None


def _insert_passkey(connection: sqlite3.Connection, passkey: Passkey) -> None:
    try:
        connection.execute(
            "INSERT INTO passkeys (credential_id, moderator, public_key, sign_count, label, day) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                passkey.credential_id,
                passkey.moderator,
                passkey.public_key,
                passkey.sign_count,
                passkey.label,
                passkey.day.isoformat() if passkey.day else "",
            ),
        )
    except sqlite3.IntegrityError:
        raise PasskeyTaken from None
