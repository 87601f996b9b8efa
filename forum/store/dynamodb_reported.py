"""What readers reported about a post, in DynamoDB: one row a post, whatever number of reports.

Reports come in under the row's epoch. An answer closes every epoch that has none and begins the
next, so that one small write answers them all; taking the answer back opens those epochs again.

The row is `{"epoch": n, "told": {"n": {"all": 3, "naming": 1}}}`; an answered epoch has `state`,
`day` and `version` (the post's after the decision) besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from forum.post import Post, State
from forum.rows import Reason, Report, ReportState
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_keys import reported_key
from forum.store.dynamodb_values import Item

NAMING = "identifies-"
"""How the reasons begin that say a post shows who somebody is."""


def told_about(row: Mapping[str, Any] | None) -> tuple[int, int]:
    """How many open reports there are, and how many of them say that it shows who somebody is."""
    opened = [told for told in (row or _EMPTY)["told"].values() if "state" not in told]
    return sum(told["all"] for told in opened), sum(told["naming"] for told in opened)


def epoch_for(change: Change, report: Report) -> int:
    """Count a report that comes in; the epoch that it belongs to."""
    row = change.get(reported_key(report.post_id)) or _EMPTY
    epoch = int(row["epoch"])
    if report.state is ReportState.OPEN:
        _put(
            change, report.post_id, row, {str(epoch): _counted(row, epoch, report.reason.value, 1)}
        )
    return epoch


def answer_reports(change: Change, after: Post, day: date) -> None:
    """Answer on this day what readers reported: the post is kept on the site, or gone from it.

    The answer keeps the post's version, by which an undo finds what to open again.
    """
    row = change.get(reported_key(after.id))
    if row is None or told_about(row)[0] == 0:
        return
    state = ReportState.KEPT if after.state is State.APPROVED else ReportState.GONE
    answer = {"state": state.value, "day": day.isoformat(), "version": after.version}
    closed = {n: {**told, **answer} for n, told in row["told"].items() if "state" not in told}
    _put(change, after.id, {**row, "epoch": row["epoch"] + 1}, closed)


def open_again(change: Change, answered: Post) -> None:
    """Open again what the decision that is undone had answered; `answered` is the post after it."""
    row = change.get(reported_key(answered.id))
    opened = {
        number: {"all": told["all"], "naming": told["naming"]}
        for number, told in (row or _EMPTY)["told"].items()
        if told.get("version") == answered.version
    }
    if row and opened:
        _put(change, answered.id, row, opened)


def forget_report(change: Change, report: Mapping[str, Any]) -> None:
    """Count a report's row no more, as it is erased; with the last of them the post's row goes."""
    key = reported_key(report["post_id"])
    row = change.get(key)
    if row is None or report["state"] != ReportState.OPEN.value:
        return
    epoch = report["epoch"]
    left = {**row["told"], str(epoch): _counted(row, epoch, report["reason"], -1)}
    left = {number: told for number, told in left.items() if told["all"] > 0}
    if left:
        change.put(key, {**row, "told": left})
    else:
        change.delete(key)


def report_of(
    report_id: str, row: Mapping[str, Any], words: str, about: Mapping[str, Any] | None
) -> Report:
    """The report in its row, with its words, and what its post's row says of how it stands."""
    told = (about or _EMPTY)["told"].get(str(row["epoch"]), {})
    is_open = row["state"] == ReportState.OPEN.value
    state, day = (told.get("state"), told.get("day")) if is_open else (row["state"], None)
    return Report(
        id=report_id,
        post_id=row["post_id"],
        reason=Reason(row["reason"]),
        words=words,
        day=date.fromisoformat(row["day"]),
        state=ReportState(state or row["state"]),
        state_day=date.fromisoformat(day) if day else None,
    )


_EMPTY: Item = {"epoch": 0, "told": {}}


def _counted(row: Mapping[str, Any], epoch: int, reason: str, number: int) -> Item:
    told = row["told"].get(str(epoch), {"all": 0, "naming": 0})
    naming = number if reason.startswith(NAMING) else 0
    return {**told, "all": told["all"] + number, "naming": told["naming"] + naming}


def _put(change: Change, post_id: str, row: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    change.put(reported_key(post_id), {**row, "told": {**row["told"], **told}})
