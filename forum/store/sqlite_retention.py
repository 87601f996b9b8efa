"""The retention clocks' port on SQLite."""

from __future__ import annotations

from datetime import date, datetime

from forum.post import State
from forum.store.sqlite import Database


class SqliteRetention:
    """Erases rows whose clock has run out, and overwrites what they leave behind."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def erase_posts(self, state: State, before: date) -> int:
        """Erase posts, texts and messages that came to `state` before this day; how many.

        A post that is in the edition record stays: its row is why it comes down.
        """
        return self._erase(
            "DELETE FROM posts WHERE state = ? AND state_day < ? "
            "AND id NOT IN (SELECT post_id FROM editions)",
            (state.value, before.isoformat()),
        )

    def erase_typed(self, before: date) -> int:
        """Of posts approved before this day keep only the approved record; how many.

        The marks go too, and of the day it was sent only the month is kept.
        """
        approved = (State.APPROVED.value, State.HIDDEN.value, before.isoformat())
        self._erase(
            "UPDATE posts SET marks = '[]', day = substr(day, 1, 8) || '01', language = '' "
            "WHERE state IN (?, ?) AND state_day < ? "
            "AND (marks != '[]' OR day NOT LIKE '%-01' OR language != '')",
            approved,
        )
        self._erase(
            "DELETE FROM originals WHERE post_id IN "
            "(SELECT id FROM posts WHERE state IN (?, ?) AND state_day < ?)",
            approved,
        )
        return self._erase(
            "UPDATE texts SET typed = NULL, removed = '[]', highlights = '[]' "
            "WHERE typed IS NOT NULL AND post_id IN "
            "(SELECT id FROM posts WHERE state IN (?, ?) AND state_day < ?)",
            approved,
        )

    def erase_reports(self, before: date) -> int:
        """Erase reports that were answered before this day, or never will be; how many."""
        return self._erase(
            "DELETE FROM reports WHERE coalesce(state_day, day) < ? AND (state != 'open' OR "
            "NOT EXISTS (SELECT 1 FROM posts WHERE posts.id = reports.post_id "
            "AND posts.state IN ('approved', 'hidden', 'second')))",
            (before.isoformat(),),
        )

    def erase_spent(self, before: date) -> int:
        """Erase forms sent before this day; how many."""
        return self._erase("DELETE FROM spent WHERE day < ?", (before.isoformat(),))

    def erase_passing(self, now: datetime) -> int:
        """Erase claims and undos that ran out; how many."""
        moment = (now.timestamp(),)
        claims = self._erase("DELETE FROM claims WHERE until <= ?", moment)
        return claims + self._erase("DELETE FROM undos WHERE until <= ?", moment)

    def erase_tallies(self, waits: date, verdicts: date) -> int:
        """Erase counts of waits that ended before the first day, and all before the second."""
        return self._erase(
            "DELETE FROM tallies WHERE day < ? "
            "OR (day < ? AND (name LIKE 'looked:%' OR name LIKE 'decided:%'))",
            (verdicts.isoformat(), waits.isoformat()),
        )

    def compact(self) -> None:
        """Write the file anew: rows that were moved about leave copies between those that stay."""
        self._database.compact()

    def _erase(self, statement: str, values: tuple[object, ...]) -> int:
        with self._database.write() as connection:
            number = connection.execute(statement, values).rowcount
        if number:
            self._database.forget()
        return number
