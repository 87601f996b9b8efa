"""Challenges and sessions in SQLite: rows that soon run out, each used by one caller at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forum.people_store import MOST_SESSIONS
from forum.person import By, Ceremony, Challenge, Session
from forum.record import Event
from forum.rows import NotEnrolled
from forum.store.people_rows import session_from, time_from
from forum.store.sqlite import Database
from forum.store.sqlite_record import record_event

_SESSIONS = (
    "SELECT sessions.id AS session_id, until, seen, moderators.* FROM sessions "
    "JOIN moderators ON moderators.id = sessions.moderator WHERE "
)
_TOO_MANY = (
    "DELETE FROM sessions WHERE moderator = :owner AND id NOT IN "
    "(SELECT id FROM sessions WHERE moderator = :owner ORDER BY seen DESC, id LIMIT :kept)"
)


class SqliteSessions:
    """The part of the people's port that passes."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        return Challenge(row["value"], ceremony, row["moderator"], time_from(row["until"]))

    def put_session(self, session: Session) -> None:
        """Keep it, in place of those of its owner that are too many."""
        with self._database.write() as connection:
            known = connection.execute(
                "SELECT 1 FROM moderators WHERE id = ?", (session.moderator.id,)
            ).fetchone()
            if known is None:
                raise NotEnrolled(session.moderator.id)
            connection.execute(
                _TOO_MANY, {"owner": session.moderator.id, "kept": MOST_SESSIONS - 1}
            )
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
            row = connection.execute(_SESSIONS + "sessions.id = ?", (session_id,)).fetchone()
        return session_from(row) if row else None

    def sessions(self, moderator_id: str) -> Sequence[Session]:
        """All of somebody's sessions, the last used first."""
        with self._database.read() as connection:
            rows = connection.execute(
                _SESSIONS + "sessions.moderator = ? ORDER BY seen DESC, sessions.id",
                (moderator_id,),
            ).fetchall()
        return [session_from(row) for row in rows]

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

    def end_session(self, session_id: str, by: By) -> bool:
        """End it if it is one of the asker's own, and record that."""
        with self._database.write() as connection:
            gone = connection.execute(
                "DELETE FROM sessions WHERE id = ? AND moderator = ?", (session_id, by.who)
            )
            if gone.rowcount:
                record_event(connection, by.day, by.who, Event.SESSION_ENDED, by.who)
        return gone.rowcount > 0

    def end_other_sessions(self, kept: Session, by: By) -> int:
        """End every session of its moderator but this one, and record that."""
        with self._database.write() as connection:
            gone = connection.execute(
                "DELETE FROM sessions WHERE moderator = ? AND id != ?",
                (kept.moderator.id, kept.id),
            )
            if gone.rowcount:
                record_event(connection, by.day, by.who, Event.SESSION_ENDED, kept.moderator.id)
        return gone.rowcount
