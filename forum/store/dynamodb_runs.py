"""Rows of press runs, and of the bell that asks for them, in DynamoDB."""

from __future__ import annotations

from forum.rows import Run, RunState
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_keys import BELL

RUN = Key("run")


def last_run(dynamo: Dynamo) -> Run | None:
    """The latest press run that was recorded."""
    row = dynamo.get(RUN)
    if row is None:
        return None
    numbers = (row["went_up"], row["came_down"])
    return Run(row["rung"], RunState(row["state"]), *numbers, row["words"], row["mended"])


def put_run(change: Change, run: Run) -> None:
    """Record how a run stands; a finished one answers its ring. What is said to be mended stays."""
    before = change.get(RUN) or {"mended": ""}
    change.put(
        RUN,
        {
            "rung": run.rung,
            "state": run.state.value,
            "went_up": run.went_up,
            "came_down": run.came_down,
            "words": run.words,
            "mended": before["mended"],
        },
    )
    if run.finished:
        bell = change.get(BELL) or {"rung": 0}
        change.put(BELL, {**bell, "answered": run.rung})


def put_mended(change: Change, words: str) -> None:
    """Record what the last look at everything mended."""
    row = change.get(RUN)
    if row is not None:
        change.put(RUN, {**row, "mended": words})


def rings(dynamo: Dynamo) -> tuple[int, int]:
    """The number of the last ring of the bell, and of the last that was answered."""
    row = dynamo.get(BELL) or {}
    return int(row.get("rung", 0)), int(row.get("answered", 0))
