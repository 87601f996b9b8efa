"""An archive's rows on their way into three tables, in an order that no door can trip over.

What belongs to a post is there before the post is, and everything before anybody can sign in. What
SQLite's triggers work out comes by itself: counts, the queue's order, what the press has to look
at, which it takes to be all that is approved or up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from forum.archive import BadArchive, Entry, Row
from forum.post import Act
from forum.record import Entry as Recorded
from forum.rows import NameTaken
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_archive_out import COUNTERS, PERSONS, WORDS
from forum.store.dynamodb_archive_posts import PostsComing, Put, reports_put
from forum.store.dynamodb_archive_rows import characters, defaults, person_put, puts, recorded
from forum.store.dynamodb_change import MOST_ROWS, Change, Key
from forum.store.dynamodb_keys import FORM, hid_key, tally_key
from forum.store.dynamodb_people_rows import removed
from forum.store.dynamodb_record import put_entry
from forum.store.dynamodb_reports import HID_DAYS
from forum.store.dynamodb_undos import batch_key
from forum.store.dynamodb_values import EXPIRES, Item
from forum.store.dynamodb_words import expiring, midnight
from forum.store.rows import NONSENSE

CHARACTERS_AT_ONCE = 1 << 19
"""Of text in one change: DynamoDB takes four million bytes, and a character can be four."""
ENTRIES_AT_ONCE = 20
"""An entry of the record is four rows at most."""
WITH_AN_END = frozenset(("texts", "originals", "offers"))
"""Words that DynamoDB removes by itself, should the purge not do it."""


class Intake:
    """Takes rows in as they come, and at the end what had to wait for all of them."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self.number = 0
        self._waiting: list[Put] = []
        self._size = 0
        self._entries: list[Recorded] = []
        self._last: list[Put] = []
        self._posts = PostsComing()
        self._reports: dict[str, list[Row]] = defaultdict(list)
        self._tallies: dict[str, Item] = defaultdict(dict)
        self._batches: dict[str, list[tuple[str, Item]]] = defaultdict(list)
        self._hid: Counter[tuple[str, str]] = Counter()
        self._counters: dict[Key, Item] = defaultdict(dict)

    def take(self, entry: Entry) -> None:
        """Take one row in, or keep it for the end; raise `BadArchive`."""
        table, row = entry
        try:
            self._take(table, {**defaults(table), **row})
        except NONSENSE:
            raise BadArchive(f"The archive has a row that {table} cannot hold.") from None
        self.number += 1

    def finish(self) -> None:
        """Write what is left: posts after all that is theirs, counters, and people last of all."""
        for post_id, rows in self._reports.items():
            self._puts(reports_put(post_id, rows))
        for day, row in self._tallies.items():
            self._put(tally_key(date.fromisoformat(day)), row)
        for batch, undos in self._batches.items():
            ends = max(item[EXPIRES] for _, item in undos)
            self._put(batch_key(batch), {"posts": [post_id for post_id, _ in undos], EXPIRES: ends})
        self._puts(self._hidden_counts())
        self._flush()
        self._flush_entries()
        try:
            self._posts.put(self._dynamo)
        except NameTaken:
            raise BadArchive("The archive has a row that posts cannot hold.") from None
        self._puts(self._counters.items())
        self._puts(self._last)
        self._flush()
        if FORM not in self._counters:
            self._dynamo.change(lambda change: change.delete(FORM))  # it was never closed

    def _take(self, table: str, row: Row) -> None:
        if table == "posts":
            self._posts.take(row)
        elif table in WORDS:
            self._take_words(table, row)
        elif table in PERSONS:
            self._last.append(person_put(table, row))
        elif table == "reports":
            self._reports[str(row["post_id"])].append(row)
        elif table == "record":
            self._take_entry(row)
        elif table == "tallies":
            self._tallies[str(row["day"])][str(row["name"])] = row["number"]
        elif table == "counters":
            key, attribute = COUNTERS[str(row["name"])]
            self._counters[key][attribute] = row["value"]
        else:
            self._puts(puts(table, row))

    def _take_words(self, table: str, row: Row) -> None:
        post_id = str(row["post_id"])
        post = self._posts.post(post_id)
        item: Item = {name: row[name] for name in row if name != "post_id"}
        if table in WITH_AN_END:
            item = expiring(post, item)
        if table == "texts":
            self._posts.note(post_id, length=len(str(row["html"])))
        if table == "undos":
            item[EXPIRES] = removed(item["until"])
            if item["batch"]:
                self._batches[item["batch"]].append((post_id, item))
        self._put(WORDS[table](post_id), item)

    def _take_entry(self, row: Row) -> None:
        self._entries.append(entry := recorded(row))
        if entry.what == Act.HIDE.value:
            self._posts.note(entry.about, hidden_day=entry.day)
            self._hid[entry.day.isoformat(), entry.who] += 1
        if len(self._entries) >= ENTRIES_AT_ONCE:
            self._flush_entries()

    def _hidden_counts(self) -> Iterable[Put]:
        """How much each hand hid on each of the last days, which says how much more it may."""
        days = sorted(day for day, _ in self._hid)[-1:]
        since = date.fromisoformat(days[0]) - timedelta(days=HID_DAYS) if days else date.max
        for (spelled, who), number in self._hid.items():
            if (day := date.fromisoformat(spelled)) > since:
                ends = midnight(day + timedelta(days=HID_DAYS))
                yield hid_key(day, who), {"number": number, EXPIRES: ends}

    def _flush_entries(self) -> None:
        some, self._entries = self._entries, []
        self._dynamo.change(partial(_put_entries, entries=some))

    def _puts(self, rows: Iterable[Put]) -> None:
        for key, item in rows:
            self._put(key, item)

    def _put(self, key: Key, item: Item) -> None:
        self._waiting.append((key, item))
        self._size += characters(item)
        if len(self._waiting) >= MOST_ROWS or self._size > CHARACTERS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        some, self._waiting, self._size = self._waiting, [], 0
        self._dynamo.change(partial(_put_all, rows=some))


def _put_all(change: Change, *, rows: Iterable[Put]) -> None:
    for key, item in rows:
        change.put(key, item)


def _put_entries(change: Change, *, entries: Iterable[Recorded]) -> None:
    for entry in entries:
        put_entry(change, entry)
