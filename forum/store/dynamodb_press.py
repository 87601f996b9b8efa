"""The press's port on DynamoDB, and the bell that calls the press.

What it reads it reads by key, as it is at that moment. The index only helps to find what else may
be approved: it may be a moment old, and a post that was withdrawn a second ago may still be in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from forum.post import Post, State, Text, fingerprint, record_of
from forum.rows import EditionRow, Run, Unavailable, Unreadable
from forum.store import dynamodb_edition as edition
from forum.store.dynamodb import BATCH, Dynamo, batched
from forum.store.dynamodb_change import Key
from forum.store.dynamodb_keys import SHARDS, edition_key, post_key, text_key
from forum.store.dynamodb_runs import put_mended, put_run, rings
from forum.store.dynamodb_values import Item
from forum.store.rows import NONSENSE, post_from, text_from

Found = tuple[Post, Text] | Unreadable | None

READS = 3
"""How often a post is read whose text is not what was approved: it may be changing just now."""


class DynamoPress:
    """Reads what is approved and keeps the edition record; has no way to an author's row."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def unpressed(self) -> Sequence[str]:
        """The posts that are, by id. Costs what they are, however many posts there are."""
        self._must_be_whole()
        return sorted(key.sk for key, _ in self._spread("unpressed"))

    def note_unpressed(self, post_ids: Collection[str]) -> None:
        """Note that these posts are unpressed."""
        edition.note_unpressed(self._dynamo, post_ids)

    def approved(
        self, post_ids: Collection[str] | None = None
    ) -> Iterator[tuple[Post, Text] | Unreadable]:
        """Every approved post, or those of these, with its text, by id.

        One bad row keeps no other back.
        """
        asked = sorted(self._may_be_approved() if post_ids is None else set(post_ids))
        for some in batched(asked, BATCH // 2):
            rows = self._dynamo.many(key for post_id in some for key in _keys(post_id))
            for post_id in some:
                if found := self._whole(post_id, rows):
                    yield found

    def states(self, post_ids: Sequence[str]) -> Mapping[str, State]:
        """The states of the posts that still have a row, as far as they can be read."""
        rows = self._dynamo.many(map(post_key, post_ids))
        found: dict[str, State] = {}
        for post_id in post_ids:
            with suppress(KeyError, ValueError):
                found[post_id] = State(rows[post_key(post_id)]["state"])
        return found

    def up(self, post_ids: Collection[str] | None = None) -> Mapping[str, EditionRow]:
        """What is up, or has kept its places, or those of these; by post id, in its order."""
        if post_ids is None:
            self._must_be_whole()
            rows = dict(self._spread("edition"))
        else:
            rows = self._dynamo.many(map(edition_key, post_ids))
        found = sorted((key.sk, row) for key, row in rows.items())
        return {post_id: edition.edition_from(post_id, row) for post_id, row in found}

    def count_up(self) -> int:
        """How many posts are up, or have kept their places."""
        return sum(1 for _ in self._spread("edition"))

    def next_slots(self) -> Mapping[str, int]:
        """The first free slot of every list that has ever had a post."""
        return edition.next_slots(self._dynamo)

    def record(
        self,
        put: Sequence[EditionRow],
        drop: Sequence[str],
        shown: Mapping[str, str] | None = None,
    ) -> None:
        """Change what is up; what is as it should be is unpressed no more.

        All or nothing for each post, in an order in which whatever is written before a crash is
        sound: see `forum.store.dynamodb_edition`.
        """
        edition.record(self._dynamo, tuple(put), tuple(drop), shown or {})

    def rung(self) -> int:
        """The number of the last ring of the bell."""
        rung, _ = rings(self._dynamo)
        return rung

    def wanted(self) -> bool:
        """Whether a ring waits for an answer: only a finished run is one."""
        rung, answered = rings(self._dynamo)
        return rung > answered

    def tidy(self) -> None:
        """Nothing to cut: no order of rows here tells which were written together."""

    def put_run(self, run: Run) -> None:
        """Record how a run stands; a finished one answers its ring."""
        self._dynamo.change(lambda change: put_run(change, run))

    def put_mended(self, words: str) -> None:
        """Record what the last look at everything mended, a line each, until the next."""
        self._dynamo.change(lambda change: put_mended(change, words))

    def _must_be_whole(self) -> None:
        """Raise `Unavailable` while an archive comes in: every run looks at one of these first."""
        if self._dynamo.get(edition.COMING_IN) is not None:
            raise Unavailable("an archive is being taken in")

    def _spread(self, name: str) -> Iterator[tuple[Key, Item]]:
        """Rows that lie spread over the partitions of this name."""
        for number in range(SHARDS):
            yield from self._dynamo.within(f"{name}#{number}")

    def _may_be_approved(self) -> set[str]:
        """Every approved post, and some that are not.

        An approved post is unpressed or up, whatever the index says; and should a mark have been
        lost, the index still has the post.
        """
        rows = (
            key
            for number in range(SHARDS)
            for key, _ in self._dynamo.index(f"{State.APPROVED.value}#{number}")
        )
        listed = {key.pk.partition("#")[2] for key in rows}
        return listed.union(self.unpressed(), (key.sk for key, _ in self._spread("edition")))

    def _whole(self, post_id: str, rows: Mapping[Key, Item]) -> Found:
        """The approved post with the text that it was approved with.

        The two rows are read in one call, but not in one moment: what is not of one piece is read
        again, and whoever asked is told of it if it stays so.
        """
        found = _approved(post_id, rows)
        for _ in range(READS - 1):
            if not _is_torn(found):
                break
            found = _approved(post_id, self._dynamo.many(_keys(post_id)))
        return found


def _keys(post_id: str) -> tuple[Key, Key]:
    return post_key(post_id), text_key(post_id)


def _approved(post_id: str, rows: Mapping[Key, Item]) -> Found:
    """The approved post with its text; None if it was taken back meanwhile."""
    post, text = (rows.get(key) for key in _keys(post_id))
    if post is None or text is None or post.get("state") != State.APPROVED.value:
        return None
    try:
        return post_from(post), text_from(text)
    except NONSENSE:
        return Unreadable(post_id)


def _is_torn(found: Any) -> bool:
    if not isinstance(found, tuple):
        return False
    post, text = found
    try:
        return fingerprint(record_of(post, text)) != str(post.approved_hash)
    except NONSENSE:
        return False
