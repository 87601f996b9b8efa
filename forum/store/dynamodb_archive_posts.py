"""What of an archive has to wait for the rest: posts, and how the reports on them stand.

A post goes in with what other tables say of it: how long its text is, when it was last hidden. Its
reports go in under the epochs of its row: those that were answered as one in one of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from forum.archive import Row
from forum.post import Post
from forum.rows import ReportState
from forum.store.dynamodb import Dynamo, batched
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_keys import report_key, report_words_key, reported_key
from forum.store.dynamodb_posts import put_post
from forum.store.dynamodb_reported import NAMING
from forum.store.dynamodb_values import Item
from forum.store.rows import post_from

POSTS_AT_ONCE = 18
"""A post is four rows of one change, and all together nine besides: counts, and who is urgent."""

Put = tuple[Key, Item]
"""A row and where it lies."""


class PostsComing:
    """Posts by id, kept small until they can be written."""

    def __init__(self) -> None:
        self._rows: dict[str, str] = {}
        self._kept: dict[str, dict[str, Any]] = defaultdict(dict)

    def take(self, row: Row) -> None:
        """Keep a row of `posts`; raises what a row raises that is no post."""
        post_from(row)
        self._rows[str(row["id"])] = json.dumps(dict(row))

    def post(self, post_id: str) -> Post:
        """The post; raises `KeyError` where none came."""
        return post_from(json.loads(self._rows[post_id]))

    def note(self, post_id: str, **kept: Any) -> None:
        """Keep beside the post what its row will hold: `length`, `hidden_day`."""
        self._kept[post_id].update(kept)

    def put(self, dynamo: Dynamo) -> None:
        """Write all of them; raises `NameTaken` where two have one id or one pen name."""
        for some in batched(self._rows, POSTS_AT_ONCE):
            dynamo.change(partial(self._put, post_ids=some))

    def _put(self, change: Change, *, post_ids: Iterable[str]) -> None:
        for post_id in post_ids:
            row = json.loads(self._rows[post_id])
            kept = {"looked": row["looked"], **self._kept.get(post_id, {})}
            put_post(change, None, post_from(row), **kept)


def reports_put(post_id: str, reports: Iterable[Row]) -> Iterator[Put]:
    """The rows of all reports on one post, and of how they stand."""
    rows = list(reports)
    answers = sorted({answer for row in rows if (answer := _answer(row))}, key=repr)
    about: Item = {"epoch": len(answers), "told": {}}
    for row in rows:
        answer = _answer(row)
        epoch = answers.index(answer) if answer else len(answers)
        _count(about["told"].setdefault(str(epoch), {"all": 0, "naming": 0}), row)
        yield report_key(str(row["id"])), _report(row, epoch)
        yield report_words_key(str(row["id"])), {"words": row["words"]}
    for epoch, (state, day, version) in enumerate(answers):
        about["told"][str(epoch)] |= {"state": state, "day": day, "version": version}
    yield reported_key(post_id), about


def _answer(row: Row) -> tuple[Any, Any, Any] | None:
    """What tells one answer from another; None for an open report."""
    if row["state"] == ReportState.OPEN.value:
        return None
    return ReportState(row["state"]).value, row["state_day"], row["answered"]


def _count(told: Item, row: Row) -> None:
    told["all"] += 1
    told["naming"] += str(row["reason"]).startswith(NAMING)


def _report(row: Any, epoch: int) -> Item:
    return {
        "post_id": row["post_id"],
        "reason": row["reason"],
        "day": row["day"],
        "state": ReportState.OPEN.value,
        "epoch": epoch,
        "q": f"told#{row['post_id']}",
        "qs": f"{row['day']}#{row['id']}",
    }
