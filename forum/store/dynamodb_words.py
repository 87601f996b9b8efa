"""People's words in DynamoDB: in a table of their own, each row with the end that its post has.

That end is a net under the purge, a few days later: what no purge erased, DynamoDB removes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from forum.post import Post, Text
from forum.retention import CLOCKS
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_keys import original_key, text_key
from forum.store.dynamodb_values import EXPIRES, Item
from forum.store.rows import TEXT_NAMES, text_from, text_values

NET_DAYS = 7
"""Days after its clock on which DynamoDB itself removes what the purge should have erased."""
_CLOCKED = frozenset(state.value for state in CLOCKS)


def text_item(text: Text) -> Item:
    """A text as a row holds it."""
    return dict(zip(TEXT_NAMES, text_values("", text)[1:], strict=True))


def text_of(row: Mapping[str, Any] | None) -> Text | None:
    """The text in a row, if there is one."""
    return text_from(row) if row else None


def put_text(change: Change, post: Post, text: Text) -> None:
    """Put the post's text in place of what it had; before or after `put_post`."""
    change.put(text_key(post.id), expiring(post, text_item(text)))


def expiring(post: Post, item: Item) -> Item:
    """A row of words with when DynamoDB removes it, should the purge not have erased it by then."""
    days = CLOCKS.get(post.state)
    kept = {name: value for name, value in item.items() if name != EXPIRES}
    if days is None:
        return kept
    return {**kept, EXPIRES: midnight(post.state_day + timedelta(days=days + NET_DAYS))}


def midnight(day: date) -> int:
    """The first second of a day, in seconds since 1970."""
    return int(datetime.combine(day, time(), UTC).timestamp())


def keep_words(change: Change, row: Mapping[str, Any], after: Post) -> None:
    """Give the post's words the end that its new state has, or none.

    They are not guarded: whoever changes them changes the post's row too.
    """
    clock = CLOCKS.get(after.state)
    stays = (row["state"], row["state_day"]) == (after.state.value, after.state_day.isoformat())
    if stays or (clock is None and row["state"] not in _CLOCKED):
        return
    for key in (text_key(after.id), original_key(after.id)):
        words = change.peek(key)
        if words is not None:
            change.put(key, expiring(after, words))
