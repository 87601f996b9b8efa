"""The desk's port on SQLite: what a decision changes, and what takes it back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from forum.figures import Wait
from forum.post import Act, Post, State
from forum.record import Event
from forum.rows import Decided, Decision, Message, Offer, Run, Undo
from forum.store.rows import (
    TEXT_COLUMNS,
    TEXT_MARKS,
    post_kept,
    text_kept,
    text_values,
    undo_from,
)
from forum.store.sqlite_posts import (
    CLOSED,
    answer_reports,
    put_text,
    replace_post,
    ring,
    ring_if_due,
    set_counter,
)
from forum.store.sqlite_queue import SqliteQueue, release
from forum.store.sqlite_record import decision_from, record, record_event
from forum.store.sqlite_runs import last_run
from forum.store.sqlite_tallies import take_back_wait, tally_verdict, tally_wait


class SqliteDesk(SqliteQueue):
    """Decides and takes decisions back; has no way to an author's row."""

    def decide(self, *decided: Decided) -> None:
        """Put each post in its new state with all that belongs to its decision, or do nothing."""
        with self._database.write() as connection:
            for one in decided:
                _decide(connection, one)
        if any(one.text for one in decided):
            self._database.forget()

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
                f"SELECT * FROM undos WHERE {where} ORDER BY post_id", (value,)
            ).fetchall()
        return [undo_from(row) for row in rows]

    def decisions(self, post_id: str) -> Sequence[Decision]:
        """The record of decisions on one post, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM record WHERE about = ? ORDER BY number",
                (post_id,),
            ).fetchall()
        return [decision_from(row) for row in rows]

    def ring(self) -> int:
        """Ask for a press run; the number of this ring."""
        with self._database.write() as connection:
            return ring(connection)

    def last_run(self) -> Run | None:
        """The latest press run that was recorded."""
        with self._database.read() as connection:
            return last_run(connection)

    def set_closed(self, closed: bool, day: date, who: str) -> None:
        """Close or open the form, and put that on record."""
        event = Event.FORM_CLOSED if closed else Event.FORM_OPENED
        with self._database.write() as connection:
            set_counter(connection, CLOSED, int(closed))
            record_event(connection, day, who, event, "")


def _decide(connection: sqlite3.Connection, decided: Decided) -> None:
    post, decision = decided.post, decided.decision
    before = replace_post(connection, post)
    record(connection, decision)
    _put_message(connection, post.id, decided.message)
    _put_offer(connection, post.id, decided.offer)
    _put_edited(connection, decided)
    _count(connection, before, decided)
    if decision.act is Act.UNDO:
        _open_reports(connection, before)
    elif decision.act is not Act.ASK_SECOND:
        answer_reports(connection, post, decision.day)
    if decision.act is Act.UNDO and before.state is not State.APPROVED:
        _give_place_back(connection, post)
    stays_up = before.state is post.state is State.APPROVED
    if stays_up and before.approved_hash != post.approved_hash:
        ring(connection)  # readers see other words of it than they should
    _put_undo(connection, post.id, decided.undo)
    release(connection, post.id, decision.moderator)
    ring_if_due(connection, before, post)


def _put_edited(connection: sqlite3.Connection, decided: Decided) -> None:
    """Put the edited text in place, and keep the author's own words beside it.

    An undo that gives those back ends their being kept: nothing was changed after all.
    """
    post_id = decided.post.id
    if decided.text is None:
        return
    connection.execute(
        f"INSERT OR IGNORE INTO originals (post_id, {TEXT_COLUMNS}) "
        f"SELECT post_id, {TEXT_COLUMNS} FROM texts WHERE post_id = ?",
        (post_id,),
    )
    put_text(connection, "texts", post_id, decided.text)
    connection.execute(
        f"DELETE FROM originals WHERE post_id = ? AND ({TEXT_COLUMNS}) IS "
        f"(SELECT {TEXT_COLUMNS} FROM texts WHERE post_id = ?)",
        (post_id, post_id),
    )


def _count(connection: sqlite3.Connection, before: Post, decided: Decided) -> None:
    """Count for the team's figures how long it took, and what was made of each mark."""
    day = decided.decision.day
    for rule, verdict in decided.verdicts:
        tally_verdict(connection, day, rule, verdict)
    if before.state is State.RECEIVED:
        tally_wait(connection, day, Wait.DECIDED, before.state_day)
    elif decided.decision.act is Act.UNDO and decided.post.state is State.RECEIVED:
        take_back_wait(connection, day, Wait.DECIDED, decided.post.state_day)


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
    message = undo.message
    connection.execute(
        "INSERT INTO undos (post_id, before, version, moderator, until, message_day, "
        "message_words, batch, text, month, slots) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "(SELECT month FROM editions WHERE post_id = ?), "
        "(SELECT slots FROM editions WHERE post_id = ?))",
        (
            post_id,
            post_kept(undo.before),
            undo.version,
            undo.moderator,
            undo.until.timestamp(),
            message.day.isoformat() if message else None,
            message.words if message else None,
            undo.batch,
            text_kept(undo.text),
            post_id,
            post_id,
        ),
    )


def _give_place_back(connection: sqlite3.Connection, post: Post) -> None:
    """Put the post back where it was in the edition.

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
    connection.execute("UPDATE editions SET hash = '' WHERE post_id = ?", (post.id,))
