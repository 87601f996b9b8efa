"""What waits and who reads it, on SQLite: every page of the queue is read off an index.

However many posts wait, a page costs what its cards cost. Nothing here reads a text but `unread`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain

from forum.figures import Wait
from forum.post import Kind, Post, State, Text
from forum.route import Route
from forum.rows import Asked, Card, Claim, Place, Report
from forum.store.rows import (
    NONSENSE,
    POST_COLUMNS,
    POST_NAMES,
    REPORT_COLUMNS,
    TEXT_COLUMNS,
    post_from,
    report_from,
    text_from,
)
from forum.store.sqlite_posts import SqlitePosts
from forum.store.sqlite_tallies import tally_wait

_POSTS = ", ".join(f"posts.{name}" for name in POST_NAMES)
_KINDS, _STATES = {kind.value for kind in Kind}, {state.value for state in State}
_LENGTH = "(SELECT length(html) FROM texts WHERE texts.post_id = posts.id) AS length"
_FIRST = (-1, "", "")
_RARE = 500
"""A facet of fewer posts than this in a state is rare; how many more there are is not counted."""


class SqliteQueue(SqlitePosts):
    """Lists and claims; has no way to an author's row."""

    def counts(self) -> Mapping[tuple[Kind, State], int]:
        """How many posts stand where."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM standing WHERE number > 0").fetchall()
        known = [row for row in rows if row["kind"] in _KINDS and row["state"] in _STATES]
        return {(Kind(row["kind"]), State(row["state"])): row["number"] for row in known}

    def cards(self, asked: Asked, after: Place | None, limit: int, now: datetime) -> Sequence[Card]:
        """A page of the queue, gravest route first, then oldest day."""
        begin = (after.route.rank, after.day.isoformat(), after.post_id) if after else _FIRST
        begin = max(begin, (asked.route.rank, "", "")) if asked.route else begin
        facets = _facets(asked)
        with self._database.read() as connection:
            found = [
                _places(connection, state, facets, asked, begin, limit) for state in asked.states
            ]
            first = sorted(chain.from_iterable(found))[:limit]
            rows = _card_rows(connection, [post_id for *_, post_id in first], now)
        return [card for row in rows if (card := _readable(row))]

    def reported(self, limit: int, now: datetime) -> Sequence[Card]:
        """Posts with open reports: said to show who somebody is, then most reports, then oldest."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT id FROM posts JOIN "
                "(SELECT post_id, COUNT(*) AS number, MAX(reason LIKE 'identifies-%') AS names "
                "FROM reports WHERE state = 'open' "
                "GROUP BY post_id) AS told ON told.post_id = posts.id "
                "ORDER BY told.names DESC, told.number DESC, day, id LIMIT ?",
                (limit,),
            )
            first = [post_id for (post_id,) in found]
            rows = {row["id"]: row for row in _card_rows(connection, first, now)}
        return [card for i in first if i in rows and (card := _readable(rows[i]))]

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
                try:
                    found = post_from(row), text_from(row)
                except NONSENSE:  # it keeps no other from being looked at
                    continue
                yield found

    def crew(self) -> int:
        """How many people are enrolled to read and decide."""
        with self._database.read() as connection:
            (number,) = connection.execute(
                "SELECT COUNT(*) FROM moderators WHERE EXISTS (SELECT 1 FROM json_each(roles) "
                "WHERE value IN ('moderator', 'safety-lead'))"
            ).fetchone()
        return int(number)

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
            _count_first_look(connection, claim.post_id, now.date())
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
            release(connection, post_id, moderator)


def release(connection: sqlite3.Connection, post_id: str, moderator: str) -> None:
    """Give a claim up, inside the caller's transaction."""
    connection.execute(
        "DELETE FROM claims WHERE post_id = ? AND moderator = ?", (post_id, moderator)
    )


def _facets(asked: Asked) -> list[str]:
    """What the page is asked for, as the facets are spelled; the route is part of their order."""
    named = {"rule": asked.rule, "topic": asked.topic, "language": asked.language}
    kind = [f"kind:{asked.kind.value}"] if asked.kind else []
    return [*(f"{name}:{value}" for name, value in named.items() if value), *kind]


def _places(
    connection: sqlite3.Connection,
    state: State,
    facets: Sequence[str],
    asked: Asked,
    begin: tuple[int, str, str],
    limit: int,
) -> list[tuple[int, str, str]]:
    """The first places of one state after `begin` that have every facet.

    A rare facet leads, and its posts alone are looked up in the others. Where none is rare, their
    ranges are read side by side, each in the queue's order: a row of a range costs a fraction of
    a look-up.
    """
    lead = _rarest(connection, state, facets) if len(facets) > 1 else None
    ranges = [
        _range(state, facet, asked.route, begin) for facet in ([lead] if lead else facets or [""])
    ]
    if lead:
        ranges += [_having(facet) for facet in facets if facet != lead]
    statement = (" " if lead else " INTERSECT ").join(sql for sql, _ in ranges)
    rows = connection.execute(
        f"{statement} ORDER BY risk, day, id LIMIT ?",
        (*chain.from_iterable(values for _, values in ranges), limit),
    )
    return [(risk, day, found) for risk, day, found in rows]


def _range(
    state: State, facet: str, route: Route | None, begin: tuple[int, str, str]
) -> tuple[str, Sequence[str | int]]:
    """The places of one state after `begin`, of one facet unless that is "": SQL and values."""
    table, post_id = ("facets", "post_id") if facet else ("posts", "id")
    sql = f"SELECT risk, day, {post_id} AS id FROM {table} AS l WHERE state = ? "
    sql += f"AND (risk, day, {post_id}) > (?, ?, ?)"
    values: list[str | int] = [state.value, *begin]
    if facet:
        sql, values = f"{sql} AND facet = ?", [*values, facet]
    if route:  # a second bound of the same range; an equality would have it sorted
        sql, values = f"{sql} AND risk <= ?", [*values, route.rank]
    return sql, values


def _having(facet: str) -> tuple[str, Sequence[str | int]]:
    """What keeps of a range the posts that have this facet too: SQL and values."""
    sql = (
        "AND EXISTS (SELECT 1 FROM facets AS o WHERE o.facet = ? AND o.state = l.state "
        "AND o.risk = l.risk AND o.day = l.day AND o.post_id = l.post_id)"
    )
    return sql, (facet,)


def _rarest(connection: sqlite3.Connection, state: State, facets: Sequence[str]) -> str | None:
    """The facet that fewest posts in this state have, if any is rare."""
    number, facet = min((_number(connection, state, facet), facet) for facet in facets)
    return facet if number < _RARE else None


def _number(connection: sqlite3.Connection, state: State, facet: str) -> int:
    """How many posts in this state have the facet, counted no further than it matters."""
    (number,) = connection.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM facets WHERE facet = ? AND state = ? LIMIT ?)",
        (facet, state.value, _RARE),
    ).fetchone()
    return int(number)


def _card_rows(
    connection: sqlite3.Connection, post_ids: Sequence[str], now: datetime
) -> list[sqlite3.Row]:
    """What the cards of these posts say, in the queue's order."""
    return connection.execute(
        f"SELECT {_POSTS}, claims.moderator, claims.until, (SELECT COUNT(*) FROM reports "
        "WHERE reports.post_id = posts.id AND reports.state = 'open') AS number, "
        f"{_LENGTH} FROM posts "
        "LEFT JOIN claims ON claims.post_id = posts.id AND claims.until > ? "
        f"WHERE id IN ({', '.join('?' * len(post_ids))}) ORDER BY risk, day, id",
        (now.timestamp(), *post_ids),
    ).fetchall()


def _count_first_look(connection: sqlite3.Connection, post_id: str, today: date) -> None:
    """Count how long the post had waited, if nobody had looked at it before."""
    row = connection.execute(
        "SELECT state_day FROM posts WHERE id = ? AND looked = 0 AND state = 'received'",
        (post_id,),
    ).fetchone()
    if row:
        connection.execute("UPDATE posts SET looked = 1 WHERE id = ?", (post_id,))
        tally_wait(connection, today, Wait.LOOKED, date.fromisoformat(row["state_day"]))


def _readable(row: sqlite3.Row) -> Card | None:
    """The card in a row; None for nonsense, which keeps no other post from being read."""
    try:
        return _card_from(row)
    except NONSENSE:
        return None


def _card_from(row: sqlite3.Row) -> Card:
    claim = _claim_from(row, row["id"])
    return Card(post_from(row), claim, row["number"], row["length"] or 0)


def _claim_from(row: sqlite3.Row, post_id: str) -> Claim | None:
    if row["until"] is None:
        return None
    return Claim(post_id, row["moderator"], datetime.fromtimestamp(row["until"], UTC))
