"""What several doors read of a post, and how its row moves on, in DynamoDB.

One function moves a post: `put_post` keeps in the same change all that follows from it. The counts
of where posts stand, the queue's order, what the press has to look at, the erasure ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from forum.erasures import KEPT_DAYS
from forum.post import Post, State, Text
from forum.rows import Changed, Message, NameTaken, Offer
from forum.store import dynamodb_standing as standing
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_keys import (
    BELL,
    FORM,
    SHARDS,
    edition_key,
    erased_key,
    message_key,
    name_key,
    offer_key,
    original_key,
    post_key,
    shard,
    text_key,
    undo_key,
    unpressed_key,
)
from forum.store.dynamodb_reported import answer_reports
from forum.store.dynamodb_values import EXPIRES, Item
from forum.store.dynamodb_words import (
    expiring,
    keep_words,
    midnight,
    put_text,
    text_item,
    text_of,
)
from forum.store.rows import POST_NAMES, post_from, post_values, text_from

__all__ = [
    "SHARDS",
    "DynamoPosts",
    "answer_reports",
    "delete_post",
    "expiring",
    "midnight",
    "put_post",
    "put_text",
    "read_post",
    "ring",
    "ring_if_due",
    "shard",
    "text_item",
    "text_of",
    "write_off",
]

LEDGER_DAYS = KEPT_DAYS + 1
"""Days after which a line of the erasure ledger runs out, at the first moment of the last of them:
so it is there for the whole of the `KEPT_DAYS` after its own."""
APPROVED = State.APPROVED.value
KEPT = {"looked": 0, "length": 0, "hidden_day": None}
"""What a row holds beside the post: whether somebody has taken it to read it, characters of its
text, and the day on which it was last hidden."""
SHOWN = ("state", "approved_hash", "kind", "pen_name", "fields")
"""What cannot change without the press having to look."""


class DynamoPosts:
    """The reads that the visitors' and the desk's adapters share."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def post(self, post_id: str) -> Post | None:
        """One post without its text."""
        row = self._dynamo.get(post_key(post_id))
        return post_from(row) if row else None

    def message(self, post_id: str) -> Message | None:
        """The moderators' last words to its author."""
        row = self._dynamo.get(message_key(post_id))
        return Message(date.fromisoformat(row["day"]), row["words"]) if row else None

    def is_up(self, post_id: str) -> bool:
        """Whether readers can see it now."""
        row = self._dynamo.get(edition_key(post_id))
        return bool(row and row["hash"])

    def text(self, post_id: str) -> Text | None:
        """Its text, if it is still kept."""
        return text_of(self._dynamo.get(text_key(post_id)))

    def offer(self, post_id: str) -> Offer | None:
        """The changes that were suggested, while they stand."""
        row = self._dynamo.get(offer_key(post_id))
        return Offer(text_from(row), row["hash"]) if row else None

    def original(self, post_id: str) -> Text | None:
        """The author's own words, where a moderator took identifying detail out of them."""
        return text_of(self._dynamo.get(original_key(post_id)))

    def closed(self) -> bool:
        """Whether the form is closed."""
        return bool((self._dynamo.get(FORM) or {}).get("closed"))


def read_post(change: Change, post_id: str, version: int) -> tuple[Item, Post]:
    """The stored row and its post, guarded; raise `Changed` unless it has just this version."""
    row = change.get(post_key(post_id))
    if row is None or row["version"] != version:
        raise Changed(post_id)
    return row, post_from(row)


def put_post(
    change: Change, row: Item | None, after: Post, *, day: date | None = None, **kept: Any
) -> None:
    """Write the post over its row (None for a new one), with all that follows from it.

    `day` is when this happens, today unless told. `kept` are those of `looked`, `length` and
    `hidden_day` that change; `hidden_day` changes with every `Act.HIDE`. Raises `NameTaken`.
    """
    now = _item(after, row, kept)
    _put_name(change, row, after)
    if row is None:
        change.new(post_key(after.id), now, NameTaken(after.pen_name))
    else:
        change.put(post_key(after.id), now)
        keep_words(change, row, after)
    standing.move(change, row, now)
    if _is_unpressed(change, row, now):
        change.put(unpressed_key(after.id), {})
    if row is not None and _is_off(row, now):
        write_off(change, "off", after.id, day or change.today)


def delete_post(change: Change, row: Item, day: date) -> None:
    """Erase on this day a post's row with its words and its pen name. Eleven rows at most."""
    post_id = str(row["id"])
    change.delete(post_key(post_id))
    change.delete(name_key(row["pen_name"]))
    for key in (text_key, original_key, offer_key, message_key, undo_key):
        change.delete(key(post_id))
    standing.move(change, row, None)
    if change.get(edition_key(post_id)) is None:
        change.delete(unpressed_key(post_id))
    else:
        change.put(unpressed_key(post_id), {})
    write_off(change, "post", post_id, day)


def write_off(change: Change, what: str, row_id: str, day: date) -> None:
    """Put on the erasure ledger that this was erased on this day, or is approved no more."""
    line = {EXPIRES: midnight(day + timedelta(days=LEDGER_DAYS))}
    change.put(erased_key(what, row_id, day), line)


def ring(change: Change) -> int:
    """Ring the press's bell; the number of this ring."""
    row = change.get(BELL) or {"rung": 0, "answered": 0}
    rung = int(row["rung"]) + 1
    change.put(BELL, {**row, "rung": rung})
    return rung


def ring_if_due(change: Change, before: Post, after: Post) -> None:
    """Ring when readers see the post, or are about to, and may no longer; or when they now may.

    Whether a post that may go up does so today is for the press to say: it has the rule of batches.
    """
    if after.state is State.APPROVED:
        if before.state is not State.APPROVED:
            ring(change)
        return
    if before.state is State.APPROVED or change.get(edition_key(after.id)) is not None:
        ring(change)


def _put_name(change: Change, row: Mapping[str, Any] | None, after: Post) -> None:
    """Take the pen name, and give the one before it back."""
    before = row["pen_name"] if row else None
    if before == after.pen_name:
        return
    change.new(name_key(after.pen_name), {"post": after.id}, NameTaken(after.pen_name))
    if before:
        change.delete(name_key(before))


def _item(post: Post, row: Mapping[str, Any] | None, kept: Mapping[str, Any]) -> Item:
    """The post's row: its columns, what is kept beside them, and its place in the queue's order."""
    values = dict(zip(POST_NAMES, post_values(post), strict=True))
    beside = {name: (row or {}).get(name, KEPT[name]) for name in KEPT} | dict(kept)
    if isinstance(beside["hidden_day"], date):
        beside["hidden_day"] = beside["hidden_day"].isoformat()
    place = {
        "q": f"{values['state']}#{shard(post.id)}",
        "qs": f"{values['risk']}#{values['day']}#{post.id}",
    }
    return {**values, **beside, **place}


def _is_off(row: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether what was approved is so no more: hidden, taken down, or up with other words."""
    before, after = ((one["state"], one["approved_hash"]) for one in (row, now))
    return before[0] == APPROVED and before != after


def _is_unpressed(change: Change, row: Mapping[str, Any] | None, now: Mapping[str, Any]) -> bool:
    """Whether the press has to look at the post for this: it is up or about to be, and differs."""
    if row is None:
        return bool(now["state"] == APPROVED)
    if all(row[name] == now[name] for name in SHOWN):
        return False
    if APPROVED in (row["state"], now["state"]):
        return True
    return change.get(edition_key(now["id"])) is not None
