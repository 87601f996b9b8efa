"""The team's figures on SQLite: what happened how often, and no person in it."""

from __future__ import annotations

import sqlite3
from datetime import date

from forum.figures import Wait
from forum.rows import Verdict


def tally(connection: sqlite3.Connection, day: date, name: str) -> None:
    """Count one more of this, inside the caller's transaction."""
    connection.execute(
        "INSERT INTO tallies (day, name, number) VALUES (?, ?, 1) "
        "ON CONFLICT (day, name) DO UPDATE SET number = number + 1",
        (day.isoformat(), name),
    )


def take_back_wait(connection: sqlite3.Connection, today: date, what: Wait, since: date) -> None:
    """Count one less: what ended this wait on this day was undone."""
    connection.execute(
        "UPDATE tallies SET number = number - 1 WHERE day = ? AND name = ? AND number > 0",
        (today.isoformat(), _wait(today, what, since)),
    )


def tally_wait(connection: sqlite3.Connection, today: date, what: Wait, since: date) -> None:
    """Count, on the day it ended, how many days a post had waited for this."""
    tally(connection, today, _wait(today, what, since))


def tally_verdict(connection: sqlite3.Connection, today: date, rule: str, verdict: Verdict) -> None:
    """Count, by month, what was made of a rule's mark."""
    tally(connection, today.replace(day=1), f"{verdict.value}:{rule}")


def _wait(today: date, what: Wait, since: date) -> str:
    return f"{what.value}:{max(0, (today - since).days)}"
