"""Moderators, their passkeys and what soon runs out, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime

from forum.person import Ceremony, Challenge, Invitation, Moderator, Passkey, Session, folded
from forum.rows import Changed, InvitationSpent, NotEnrolled, PasskeyTaken, PersonNameTaken
from forum.store.sqlite import Database


class SqlitePeople:
    """The people's port on one file; of other tables only a leaver's claims are touched."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def moderators(self) -> Sequence[Moderator]:
        """Everybody enrolled, longest first."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM moderators ORDER BY day, folded").fetchall()
        return [_moderator_from(row) for row in rows]

    def moderator(self, moderator_id: str) -> Moderator | None:
        """One moderator."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT * FROM moderators WHERE id = ?", (moderator_id,)
            ).fetchone()
        return _moderator_from(row) if row else None

    def remove(self, moderator_id: str) -> bool:
        """Erase a moderator and their claims; the schema takes passkeys and sessions along."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM claims WHERE moderator = ?", (moderator_id,))
            gone = connection.execute("DELETE FROM moderators WHERE id = ?", (moderator_id,))
        return gone.rowcount > 0

    def put_invitation(self, invitation: Invitation) -> bool:
        """Keep it. A first one voids those before it, and is refused once anybody is enrolled."""
        with self._database.write() as connection:
            if invitation.first:
                if connection.execute("SELECT 1 FROM moderators LIMIT 1").fetchone():
                    return False
                _void_first(connection)
            connection.execute(
                "INSERT INTO invitations (digest, first, until) VALUES (?, ?, ?)",
                (invitation.digest, invitation.first, invitation.until.timestamp()),
            )
        return True

    def invitation(self, digest: bytes) -> Invitation | None:
        """The invitation with this hash."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT * FROM invitations WHERE digest = ?", (digest,)
            ).fetchone()
        return Invitation(row["digest"], bool(row["first"]), _time(row["until"])) if row else None

    def enrol(self, digest: bytes, now: datetime, moderator: Moderator, passkey: Passkey) -> None:
        """Use up the invitation and add both rows, or do nothing; void every first invitation."""
        with self._database.write() as connection:
            spent = connection.execute(
                "DELETE FROM invitations WHERE digest = ? AND until > ?",
                (digest, now.timestamp()),
            )
            if spent.rowcount == 0:
                raise InvitationSpent
            _void_first(connection)
            _insert_moderator(connection, moderator)
            _insert_passkey(connection, passkey)

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey with this id."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT * FROM passkeys WHERE credential_id = ?", (credential_id,)
            ).fetchone()
        return Passkey(**row) if row else None

    def count(self, passkey: Passkey, sign_count: int) -> None:
        """Put the new count in place of the one in `passkey`."""
        with self._database.write() as connection:
            counted = connection.execute(
                "UPDATE passkeys SET sign_count = ? WHERE credential_id = ? AND sign_count = ?",
                (sign_count, passkey.credential_id, passkey.sign_count),
            )
            if counted.rowcount == 0:
                raise Changed

    def put_challenge(self, challenge: Challenge, now: datetime) -> None:
        """Keep it, and forget challenges that ran out."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM challenges WHERE until <= ?", (now.timestamp(),))
            connection.execute(
                "INSERT INTO challenges (value, ceremony, moderator, until) VALUES (?, ?, ?, ?)",
                (
                    challenge.value,
                    challenge.ceremony.value,
                    challenge.moderator,
                    challenge.until.timestamp(),
                ),
            )

    def take_challenge(self, value: bytes) -> Challenge | None:
        """Remove and return it; the transaction lets one caller have it."""
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT * FROM challenges WHERE value = ?", (value,)
            ).fetchone()
            connection.execute("DELETE FROM challenges WHERE value = ?", (value,))
        if row is None:
            return None
        ceremony = Ceremony(row["ceremony"])
        return Challenge(row["value"], ceremony, row["moderator"], _time(row["until"]))

    def put_session(self, session: Session) -> None:
        """Keep it."""
        with self._database.write() as connection:
            known = connection.execute(
                "SELECT 1 FROM moderators WHERE id = ?", (session.moderator.id,)
            ).fetchone()
            if known is None:
                raise NotEnrolled(session.moderator.id)
            connection.execute(
                "INSERT INTO sessions (id, moderator, until, seen) VALUES (?, ?, ?, ?)",
                (
                    session.id,
                    session.moderator.id,
                    session.until.timestamp(),
                    session.seen.timestamp(),
                ),
            )

    def session(self, session_id: str) -> Session | None:
        """The session, as long as its moderator is enrolled."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT sessions.id AS session_id, until, seen, moderators.* FROM sessions "
                "JOIN moderators ON moderators.id = sessions.moderator WHERE sessions.id = ?",
                (session_id,),
            ).fetchone()
        if row is None:
            return None
        moderator = _moderator_from(row)
        return Session(row["session_id"], moderator, _time(row["until"]), _time(row["seen"]))

    def see_session(self, session_id: str, at: datetime) -> None:
        """Note that it was used now."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE sessions SET seen = ? WHERE id = ?", (at.timestamp(), session_id)
            )

    def drop_session(self, session_id: str) -> None:
        """End it."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,))

    def erase_expired(self, now: datetime, idle_since: datetime) -> int:
        """Erase what ran out, and sessions not used after `idle_since`."""
        moment = now.timestamp()
        with self._database.write() as connection:
            gone = [
                connection.execute("DELETE FROM invitations WHERE until <= ?", (moment,)),
                connection.execute("DELETE FROM challenges WHERE until <= ?", (moment,)),
                connection.execute(
                    "DELETE FROM sessions WHERE until <= ? OR seen <= ?",
                    (moment, idle_since.timestamp()),
                ),
            ]
        return sum(cursor.rowcount for cursor in gone)


def _void_first(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM invitations WHERE first = 1")


def _insert_moderator(connection: sqlite3.Connection, moderator: Moderator) -> None:
    try:
        connection.execute(
            "INSERT INTO moderators (id, name, folded, day) VALUES (?, ?, ?, ?)",
            (moderator.id, moderator.name, folded(moderator.name), moderator.day.isoformat()),
        )
    except sqlite3.IntegrityError:
        raise PersonNameTaken(moderator.name) from None


def _insert_passkey(connection: sqlite3.Connection, passkey: Passkey) -> None:
    try:
        connection.execute(
            "INSERT INTO passkeys (credential_id, moderator, public_key, sign_count) "
            "VALUES (?, ?, ?, ?)",
            (passkey.credential_id, passkey.moderator, passkey.public_key, passkey.sign_count),
        )
    except sqlite3.IntegrityError:
        raise PasskeyTaken from None


def _moderator_from(row: sqlite3.Row) -> Moderator:
    return Moderator(row["id"], row["name"], date.fromisoformat(row["day"]))


def _time(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)
