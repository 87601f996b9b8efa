"""The port of receipt-holders on DynamoDB."""

from __future__ import annotations

from collections.abc import Callable

from forum.post import Post, Text
from forum.rows import Changed
from forum.store.dynamodb_authors import DynamoAuthors
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_keys import (
    author_key,
    claim_key,
    message_key,
    offer_key,
    original_key,
    text_key,
    undo_key,
)
from forum.store.dynamodb_posts import (
    DynamoPosts,
    answer_reports,
    put_post,
    put_text,
    read_post,
    ring_if_due,
    write_off,
)
from forum.store.dynamodb_record import erase_details
from forum.store.dynamodb_tallies import DynamoWaits

PASSING = (offer_key, claim_key, undo_key)
"""What ends with every move of its author's."""


class DynamoHolders(DynamoAuthors, DynamoPosts, DynamoWaits):
    """Changes a post whose id its holder knows; what was written before is overwritten."""

    def move(self, post: Post) -> None:
        """Put the post in its new state, and end its offer."""

        def work(change: Change) -> None:
            row, _ = read_post(change, post.id, post.version - 1)
            put_post(change, row, post)
            _erase(change, post, *PASSING)

        self._dynamo.change(work)

    def rewrite(self, post: Post, text: Text) -> None:
        """Put the post in its new state with this text in place of the old; end its offer."""

        def work(change: Change) -> None:
            row, _ = read_post(change, post.id, post.version - 1)
            put_text(change, post, text)
            _erase(change, post, original_key, *PASSING)
            put_post(change, row, post, length=len(text.html))

        self._dynamo.change(work)

    def withdraw(self, post: Post) -> None:
        """Erase the text at once, with all that it led to; the ledger keeps it out of restores."""

        def work(change: Change) -> None:
            row, before = read_post(change, post.id, post.version - 1)
            _erase(change, post, text_key, original_key, message_key, *PASSING)
            put_post(change, row, post, length=0)
            erase_details(change, post.id)
            answer_reports(change, post, post.state_day)
            write_off(change, "post", post.id, change.today)
            ring_if_due(change, before, post)

        self._dynamo.change(work)

    def forget(self, lookup: bytes, sealed: bytes) -> None:
        """Erase an author's row, if it is the one that was read."""

        def work(change: Change) -> None:
            change.same(author_key(lookup), None, {"sealed": sealed}, Changed())
            write_off(change, "author", lookup.hex(), change.today)

        self._dynamo.change(work)


def _erase(change: Change, post: Post, *keys: Callable[[str], Key]) -> None:
    for key in keys:
        change.delete(key(post.id))
