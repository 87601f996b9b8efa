"""The retention clocks' port on DynamoDB: what has run out is found by reading everything.

No door may do that; the clocks run once a day, as the operator. Where a row can move on, it is
erased only if its clock has still run out at that moment. DynamoDB removes some rows by itself,
but days late at times and without a word: the clocks do not wait for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from forum.figures import Wait
from forum.post import State
from forum.rows import Changed, ReportState
from forum.store import dynamodb_standing as standing
from forum.store.dynamodb import Dynamo, batched
from forum.store.dynamodb_change import Change, Key, Table
from forum.store.dynamodb_edition import READ_AGAIN
from forum.store.dynamodb_keys import (
    SHARDS,
    edition_key,
    original_key,
    post_key,
    report_key,
    report_words_key,
    reported_key,
    text_key,
)
from forum.store.dynamodb_posts import delete_post, put_post, write_off
from forum.store.dynamodb_reported import forget_report, report_of
from forum.store.dynamodb_values import Item
from forum.store.rows import NONSENSE, post_from

ON_SITE = frozenset((State.APPROVED.value, State.HIDDEN.value))
MAY_BE_KEPT = frozenset((State.APPROVED.value, *READ_AGAIN))
"""States of posts whose reports somebody will answer."""
AT_ONCE = 40
"""Rows erased in one change, where they have nothing to do with each other."""
WAITS = tuple(f"{what.value}:" for what in Wait)
"""How the names of counts begin that say how long posts waited."""
NO_WORDS: Item = {"typed": None, "removed": "[]", "highlights": "[]"}


class DynamoRetention:
    """Erases rows whose clock has run out, and puts posts and reports on the erasure ledger."""

    def __init__(self, dynamo: Dynamo, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives seconds since 1970, for the day under which the ledger has them."""
        self._dynamo = dynamo
        self._clock = clock

    def erase_posts(self, state: State, before: date) -> int:
        """Erase posts, texts and messages that came to `state` before this day; how many.

        A post that is in the edition record stays: its row is why it comes down. The index finds
        them; one that came to its state too lately to be in it has not run out.
        """
        today = self._today()
        found = [
            key
            for number in range(SHARDS)
            for key, _ in self._dynamo.index(f"{state.value}#{number}")
        ]
        erase = partial(_erase_post, state=state.value, before=before.isoformat(), today=today)
        return sum(self._dynamo.change(partial(erase, key=key)) for key in found)

    def erase_typed(self, before: date) -> int:
        """Of posts approved before this day keep only the approved record; how many.

        The marks go too, and of the day it was sent only the month is kept.
        """
        rows = self._rows("post#")
        old = [row["id"] for _, row in rows if _is_old_on_site(row, before.isoformat())]
        erase = partial(_erase_typed, before=before.isoformat())
        return sum(self._dynamo.change(partial(erase, post_id=post_id)) for post_id in old)

    def erase_reports(self, before: date) -> int:
        """Erase reports that were answered before this day, or never will be; how many."""
        found = [key.pk.partition("#")[2] for key, _ in self._rows("report#")]
        erase = partial(_erase_report, before=before, today=self._today())
        return sum(self._dynamo.change(partial(erase, report_id=i)) for i in found)

    def erase_spent(self, before: date) -> int:
        """Erase forms sent before this day; how many."""
        rows = self._rows("spent#", Table.TEXTS)
        old = [key for key, row in rows if row["day"] < before.isoformat()]
        for some in batched(old, AT_ONCE):
            self._dynamo.change(partial(_erase, keys=some))
        return len(old)

    def erase_passing(self, now: datetime) -> int:
        """Erase claims and undos that ran out; how many."""
        rows = [*self._rows("claim#"), *self._rows("undo#", Table.TEXTS)]
        over = [key for key, row in rows if row["until"] <= now.timestamp()]
        erase = partial(_erase_over, now=now.timestamp())
        return sum(
            self._dynamo.change(partial(erase, keys=some)) for some in batched(over, AT_ONCE)
        )

    def erase_tallies(self, waits: date, verdicts: date) -> int:
        """Erase counts of waits that ended before the first day, and all before the second."""
        number = 0
        for key, row in list(self._rows("tally#")):
            day = date.fromisoformat(key.pk.partition("#")[2])
            gone = {n: row[n] for n in row if day < verdicts or (day < waits and _is_wait(n))}
            whole = day < verdicts or (len(gone) == len(row) and day.day != 1)
            number += sum(1 for count in gone.values() if whole or count)
            self._dynamo.change(partial(_erase_counts, key=key, gone=gone, whole=whole))
        return number

    def compact(self) -> None:
        """Take out of the counts what came down to nothing.

        There is no file here to write anew: how DynamoDB lays out its pages is not for us to see
        or to change, and it gives no reader what was deleted. Copies in backups are what the
        tables' backup rules and the erasure ledger are about.
        """
        with suppress(Changed):  # somebody counted just now: the next purge does it
            standing.tidy(self._dynamo)

    def _rows(self, prefix: str, table: Table = Table.MAIN) -> Iterator[tuple[Key, Item]]:
        return (one for one in self._dynamo.every(table) if one[0].pk.startswith(prefix))

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), UTC).date()


def _erase_post(change: Change, *, key: Key, state: str, before: str, today: date) -> bool:
    row = change.get(key)
    if row is None or row["state"] != state or row["state_day"] >= before:
        return False
    if change.get(edition_key(row["id"])) is not None:
        return False
    delete_post(change, row, today)
    return True


def _is_old_on_site(row: Item | None, before: str) -> bool:
    return row is not None and row["state"] in ON_SITE and row["state_day"] < before


def _erase_typed(change: Change, *, post_id: str, before: str) -> bool:
    """Erase of one post what is not its approved record; whether what was typed was among it."""
    row = change.get(post_key(post_id))
    if row is None or not _is_old_on_site(row, before):
        return False
    _erase_marks(change, row)
    if change.peek(original_key(post_id)) is not None:
        change.delete(original_key(post_id))
    text = change.get(text_key(post_id))
    if text is None or text["typed"] is None:
        return False
    change.put(text_key(post_id), {**text, **NO_WORDS})
    return True


def _erase_marks(change: Change, row: Item) -> None:
    with suppress(*NONSENSE):  # no row that cannot be read keeps words of its own
        post = post_from(row)
        kept = replace(post, marks=(), day=post.day.replace(day=1), language="")
        if kept != post:
            put_post(change, row, kept)


def _erase_report(change: Change, *, report_id: str, before: date, today: date) -> bool:
    row = change.get(report_key(report_id))
    if row is None:
        return False
    report = report_of(report_id, row, "", change.get(reported_key(row["post_id"])))
    if (report.state_day or report.day) >= before:
        return False
    if report.state is ReportState.OPEN:
        post = change.get(post_key(report.post_id))
        if post is not None and post["state"] in MAY_BE_KEPT:
            return False
    forget_report(change, row)
    change.delete(report_key(report_id))
    change.delete(report_words_key(report_id))
    write_off(change, "report", report_id, today)
    return True


def _erase(change: Change, *, keys: tuple[Key, ...]) -> None:
    for key in keys:
        change.delete(key)


def _erase_over(change: Change, *, keys: tuple[Key, ...], now: float) -> int:
    """Erase those of these that are still over: a claim may have been renewed."""
    rows = {key: change.get(key) for key in keys}
    over = [key for key, row in rows.items() if row is not None and row["until"] <= now]
    _erase(change, keys=tuple(over))
    return len(over)


def _erase_counts(change: Change, *, key: Key, gone: Item, whole: bool) -> None:
    """Erase these counts, or the row, which is written no more.

    This month's first day is: verdicts are counted there while this runs. What is erased there is
    taken off, so that nothing that was counted in between is lost.
    """
    if whole:
        change.delete(key)
    elif gone:
        change.add(key, **{name: -number for name, number in gone.items()})


def _is_wait(name: str) -> bool:
    return name.startswith(WAITS)
