"""Rows of press runs in SQLite."""

from __future__ import annotations

import sqlite3

from forum.rows import Run, RunState

RUN_COLUMNS = "rung, state, went_up, came_down, words"


def last_run(connection: sqlite3.Connection) -> Run | None:
    """The latest run that was recorded."""
    row = connection.execute(f"SELECT {RUN_COLUMNS}, mended FROM runs WHERE only = 1").fetchone()
    if row is None:
        return None
    rung, state, *rest = row
    return Run(rung, RunState(state), *rest)


def put_run(connection: sqlite3.Connection, run: Run) -> None:
    """Record how a run stands; what is said to be mended stays."""
    connection.execute(
        f"""REPLACE INTO runs (only, {RUN_COLUMNS}, mended)
        VALUES (1, ?, ?, ?, ?, ?, coalesce((SELECT mended FROM runs WHERE only = 1), ''))""",
        (run.rung, run.state.value, run.went_up, run.came_down, run.words),
    )


def put_mended(connection: sqlite3.Connection, words: str) -> None:
    """Record what the last look at everything mended."""
    connection.execute("UPDATE runs SET mended = ? WHERE only = 1", (words,))
