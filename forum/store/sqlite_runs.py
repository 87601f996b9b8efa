"""Rows of press runs in SQLite."""

from __future__ import annotations

import sqlite3

from forum.rows import Run, RunState

RUN_COLUMNS = "rung, state, went_up, came_down, words"


def last_run(connection: sqlite3.Connection) -> Run | None:
    """The latest run that was recorded."""
    row = connection.execute(f"SELECT {RUN_COLUMNS} FROM runs WHERE only = 1").fetchone()
    if row is None:
        return None
    rung, state, *rest = row
    return Run(rung, RunState(state), *rest)


def put_run(connection: sqlite3.Connection, run: Run) -> None:
    """Record how a run stands."""
    connection.execute(
        f"REPLACE INTO runs (only, {RUN_COLUMNS}) VALUES (1, ?, ?, ?, ?, ?)",
        (run.rung, run.state.value, run.went_up, run.came_down, run.words),
    )
