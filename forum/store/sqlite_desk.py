"""The desk's port on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from forum.post import Act, Kind, Post, State, Text
from forum.rows import Card, Claim, Decided, Decision, Message, Offer, Place, Report, Run, Undo
from forum.store.rows import (
    POST_COLUMNS,
    REPORT_COLUMNS,
    TEXT_COLUMNS,
    TEXT_MARKS,
    post_from,
    report_from,
    text_from,
    text_values,
)
from forum.store.sqlite_posts import (
    CLOSED,
    DECISION_COLUMNS,
    SqlitePosts,
    answer_reports,
    record,
    replace_post,
    ring,
    ring_if_seen,
    set_counter,
)
from forum.store.sqlite_runs import last_run


class SqliteDesk(SqlitePosts):
    """Lists, claims and decides; has no way to an author's row."""

    def counts(self) -> Mapping[tuple[Kind, State], int]:
        """How many posts stand where."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT kind, state, COUNT(*) AS number FROM posts GROUP BY kind, state"
            ).fetchall()
        return {(Kind(row["kind"]), State(row["state"])): row["number"] for row in rows}

    def cards(
        self, states: Sequence[State], after: Place | None, limit: int, now: datetime
    ) -> Sequence[Card]:
        """A page of the queue, oldest day first."""
        day, post_id = (after.day.isoformat(), after.post_id) if after else ("", "")
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {_POSTS}, claims.moderator, claims.until, (SELECT COUNT(*) FROM reports "
                "WHERE reports.post_id = posts.id AND reports.state = 'open') AS number FROM posts "
                "LEFT JOIN claims ON claims.post_id = posts.id AND claims.until > ? "
                f"WHERE state IN ({', '.join('?' * len(states))}) AND (day, id) > (?, ?) "
                "ORDER BY day, id LIMIT ?",
                (now.timestamp(), *(state.value for state in states), day, post_id, limit),
            ).fetchall()
        return [_card_from(row) for row in rows]

    def reported(self, limit: int, now: datetime) -> Sequence[Card]:
        """Posts with open reports: said to show who somebody is, then most reports, then oldest."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {_POSTS}, claims.moderator, claims.until, told.number FROM posts JOIN "
                "(SELECT post_id, COUNT(*) AS number, MAX(reason LIKE 'identifies-%') AS names "
                "FROM reports WHERE state = 'open' "
                "GROUP BY post_id) AS told ON told.post_id = posts.id "
                "LEFT JOIN claims ON claims.post_id = posts.id AND claims.until > ? "
                "ORDER BY told.names DESC, told.number DESC, day, id LIMIT ?",
                (now.timestamp(), limit),
            ).fetchall()
        return [_card_from(row) for row in rows]

    def reports(self, post_id: str) -> Sequence[Report]:
        """Every report on one post that is still kept, oldest day first."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {REPORT_COLUMNS} FROM reports WHERE post_id = ? ORDER BY day, id",
                (post_id,),
            ).fetchall()
        return [report_from(row) for row in rows]

    def unread(self) -> Iterator[tuple[Post, Text]]:
        """Every post that waits to be read for the first time, with its text, by id."""
        with self._database.read() as connection:
            for row in connection.execute(
                f"SELECT {POST_COLUMNS}, {TEXT_COLUMNS} FROM posts "
                "JOIN texts ON texts.post_id = posts.id WHERE state = 'received' ORDER BY id"
            ):
                yield post_from(row), text_from(row)

    def claim(self, claim: Claim, now: datetime) -> Claim:
        """Take or renew the claim unless another holds; the claim that holds after."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO claims (post_id, moderator, until) VALUES (?, ?, ?) "
                "ON CONFLICT (post_id) DO UPDATE SET "
                "moderator = excluded.moderator, until = excluded.until "
                "WHERE claims.moderator = excluded.moderator OR claims.until <= ?",
                (claim.post_id, claim.moderator, claim.until.timestamp(), now.timestamp()),
            )
            row = connection.execute(
                "SELECT moderator, until FROM claims WHERE post_id = ?", (claim.post_id,)
            ).fetchone()
        return _claim_from(row, claim.post_id) or claim

    def holder(self, post_id: str, now: datetime) -> Claim | None:
        """The claim that holds at `now`."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT moderator, until FROM claims WHERE post_id = ? AND until > ?",
                (post_id, now.timestamp()),
            ).fetchone()
        return _claim_from(row, post_id) if row else None

    def release(self, post_id: str, moderator: str) -> None:
        """Give a claim up; nothing happens to another's."""
        with self._database.write() as connection:
            _release(connection, post_id, moderator)

    def decide(self, *decided: Decided) -> None:
        """Put each post in its new state with all that belongs to its decision, or do nothing."""
        with self._database.write() as connection:
            for one in decided:
                _decide(connection, one)

    def undo(self, post_id: str) -> Undo | None:
        """What the last decision on this post could be taken back to."""
        found = self._undos("post_id = ?", post_id)
        return found[0] if found else None

    def undos(self, batch: str) -> Sequence[Undo]:
        """What the decisions made as one could be taken back to, by post id."""
        return self._undos("batch = ?", batch)

    def _undos(self, where: str, value: str) -> list[Undo]:
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {_POST_BEFORE}, undos.version AS after_version, moderator, until, "
                "message_day, message_words, batch "
                "FROM undos JOIN posts ON posts.id = undos.post_id "
                f"WHERE {where} ORDER BY posts.id",
                (value,),
            ).fetchall()
        return [_undo_from(row) for row in rows]

    def decisions(self, post_id: str) -> Sequence[Decision]:
        """The record of decisions on one post, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {DECISION_COLUMNS} FROM decisions WHERE post_id = ? ORDER BY number",
                (post_id,),
            ).fetchall()
        return [_decision_from(row) for row in rows]

    def ring(self) -> int:
        """Ask for a press run; the number of this ring."""
        with self._database.write() as connection:
            return ring(connection)

    def last_run(self) -> Run | None:
        """The latest press run that was recorded."""
        with self._database.read() as connection:
            return last_run(connection)

    def set_closed(self, closed: bool) -> None:
        """Close or open the form."""
        with self._database.write() as connection:
            set_counter(connection, CLOSED, int(closed))


_POST_BEFORE = (
    "posts.id, posts.kind, undos.state, undos.version - 1 AS version, posts.day, "
    "undos.state_day, posts.pen_name, posts.fields, posts.marks, undos.approved_hash, "
    "undos.reread, posts.appealed"
)
_POSTS = ", ".join(f"posts.{name.strip()}" for name in POST_COLUMNS.split(","))


def _decide(connection: sqlite3.Connection, decided: Decided) -> None:
    post, decision = decided.post, decided.decision
    before = replace_post(connection, post)
    record(connection, decision)
    _put_message(connection, post.id, decided.message)
    _put_offer(connection, post.id, decided.offer)
    if decision.act is Act.UNDO:
        _open_reports(connection, before)
    elif decision.act is not Act.ASK_SECOND:
        answer_reports(connection, post, decision.day)
    if decision.act is Act.UNDO and before.state is not State.APPROVED:
        _give_place_back(connection, post)
    if decision.act is Act.KEEP and before.state is State.HIDDEN:
        ring(connection)
    _put_undo(connection, post.id, decided.undo)
    _release(connection, post.id, decision.moderator)
    ring_if_seen(connection, before, post)


def _undo_from(row: sqlite3.Row) -> Undo:
    until = datetime.fromtimestamp(row["until"], UTC)
    words, day = row["message_words"], row["message_day"]
    message = Message(date.fromisoformat(day), words) if day else None
    version, batch = row["after_version"], row["batch"]
    return Undo(post_from(row), version, row["moderator"], until, message, batch)


def _card_from(row: sqlite3.Row) -> Card:
    return Card(post_from(row), _claim_from(row, row["id"]), row["number"])


def _claim_from(row: sqlite3.Row, post_id: str) -> Claim | None:
    if row["until"] is None:
        return None
    return Claim(post_id, row["moderator"], datetime.fromtimestamp(row["until"], UTC))


def _decision_from(row: sqlite3.Row) -> Decision:
    return Decision(
        date.fromisoformat(row["day"]),
        row["moderator"],
        Act(row["act"]),
        row["post_id"],
        row["approved_hash"],
    )


def _put_offer(connection: sqlite3.Connection, post_id: str, offer: Offer | None) -> None:
    connection.execute("DELETE FROM offers WHERE post_id = ?", (post_id,))
    if offer:
        connection.execute(
            f"INSERT INTO offers (hash, post_id, {TEXT_COLUMNS}) VALUES (?, {TEXT_MARKS})",
            (offer.hash, *text_values(post_id, offer.text)),
        )


def _open_reports(connection: sqlite3.Connection, answered: Post) -> None:
    """Open again what the decision that is undone had answered."""
    connection.execute(
        "UPDATE reports SET state = 'open', state_day = NULL, answered = NULL "
        "WHERE post_id = ? AND answered = ?",
        (answered.id, answered.version),
    )


def _put_message(connection: sqlite3.Connection, post_id: str, message: Message | None) -> None:
    connection.execute("DELETE FROM messages WHERE post_id = ?", (post_id,))
    if message:
        connection.execute(
            "INSERT INTO messages (post_id, day, words) VALUES (?, ?, ?)",
            (post_id, message.day.isoformat(), message.words),
        )


def _put_undo(connection: sqlite3.Connection, post_id: str, undo: Undo | None) -> None:
    """Keep the undo, and with it the place in the edition that the press may now clear."""
    connection.execute("DELETE FROM undos WHERE post_id = ?", (post_id,))
    if undo is None:
        return
    connection.execute(
        "INSERT INTO undos (post_id, state, state_day, approved_hash, version, moderator, until, "
        "message_day, message_words, reread, batch, month, slots) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "(SELECT month FROM editions WHERE post_id = ?), "
        "(SELECT slots FROM editions WHERE post_id = ?))",
        (
            post_id,
            undo.before.state.value,
            undo.before.state_day.isoformat(),
            undo.before.approved_hash,
            undo.version,
            undo.moderator,
            undo.until.timestamp(),
            undo.message.day.isoformat() if undo.message else None,
            undo.message.words if undo.message else None,
            undo.before.reread,
            undo.batch,
            post_id,
            post_id,
        ),
    )


def _give_place_back(connection: sqlite3.Connection, post: Post) -> None:
    """Put the post back where it was in the edition, and ask the press to show it if it may.

    The empty hash makes the next edition differ, and tells a press that is clearing the place
    at this moment to leave it.
    """
    if post.state not in (State.APPROVED, State.HIDDEN):
        return
    connection.execute(
        "INSERT OR IGNORE INTO editions (post_id, hash, month, slots) "
        "SELECT post_id, '', month, slots FROM undos WHERE post_id = ? AND month IS NOT NULL",
        (post.id,),
    )
    given = connection.execute("UPDATE editions SET hash = '' WHERE post_id = ?", (post.id,))
    if given.rowcount and post.state is State.APPROVED:
        ring(connection)


def _release(connection: sqlite3.Connection, post_id: str, moderator: str) -> None:
    connection.execute(
        "DELETE FROM claims WHERE post_id = ? AND moderator = ?", (post_id, moderator)
    )
