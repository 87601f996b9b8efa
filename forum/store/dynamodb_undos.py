"""What takes a decision back, in DynamoDB: kept for a minute, with the place in the edition."""

from __future__ import annotations

from collections.abc import Sequence

from forum.post import Post, State
from forum.rows import Undo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_keys import edition_key, undo_key
from forum.store.dynamodb_values import EXPIRES, LINGERS, Item
from forum.store.rows import post_kept, text_kept


def clear(change: Change, key: Key) -> None:
    """Take away a row that only changes along with its post's, if there is one."""
    if change.peek(key) is not None:
        change.delete(key)


def put_undo(change: Change, post_id: str, undo: Undo | None) -> None:
    """Keep the undo, and with it the place in the edition that the press may now clear."""
    if undo is None:
        clear(change, undo_key(post_id))
        return
    message, edition = undo.message, change.get(edition_key(post_id)) or {}
    item: Item = {"before": post_kept(undo.before), "text": text_kept(undo.text)}
    item |= {"version": undo.version, "moderator": undo.moderator, "batch": undo.batch}
    item |= {"until": undo.until.timestamp(), EXPIRES: _removed(undo)}
    item |= {"message_day": message.day.isoformat() if message else None}
    item |= {"message_words": message.words if message else None}
    item |= {"month": edition.get("month"), "slots": edition.get("slots")}
    change.put(undo_key(post_id), item)


def put_batch(change: Change, batch: str, undos: Sequence[Undo]) -> None:
    """Note which posts were decided on as one; what was noted before stays."""
    row = change.get(batch_key(batch)) or {"posts": []}
    posts = [undo.before.id for undo in undos if undo.batch == batch]
    expires = max(_removed(undo) for undo in undos)
    change.put(batch_key(batch), {"posts": [*row["posts"], *posts], EXPIRES: expires})


def give_place_back(change: Change, post: Post) -> None:
    """Put the post back where it was in the edition.

    The empty hash makes the next edition differ, and tells a press that is clearing the place
    at this moment to leave it.
    """
    if post.state not in (State.APPROVED, State.HIDDEN):
        return
    place = change.get(edition_key(post.id)) or change.peek(undo_key(post.id)) or {}
    if place.get("month") is not None:
        kept = {"hash": "", "month": place["month"], "slots": place["slots"]}
        change.put(edition_key(post.id), kept)


def _removed(undo: Undo) -> int:
    """When DynamoDB may take the row away, in seconds since 1970."""
    return int((undo.until + LINGERS).timestamp())


def batch_key(batch: str) -> Key:
    """Which posts were decided on as one."""
    return Key(f"batch#{batch}")
