"""The port of sharing on DynamoDB: one change that reads nothing, and rows asked for by key."""

from __future__ import annotations

from datetime import date

from forum.post import Post, State, Text
from forum.rows import SealedRow, Spent
from forum.store.dynamodb_authors import DynamoAuthors, put_author, put_spent
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_posts import DynamoPosts, put_post, put_text
from forum.store.dynamodb_standing import number_in, oldest_in, standing
from forum.store.dynamodb_tallies import DynamoWaits


class DynamoVisitors(DynamoAuthors, DynamoPosts, DynamoWaits):
    """Adds posts; reads one by its id, and never a list of them."""

    def add(self, post: Post, text: Text, author: SealedRow, spent: Spent) -> None:
        """Store all rows or none."""

        def work(change: Change) -> None:
            put_spent(change, spent)
            put_author(change, author)
            put_post(change, None, post, length=len(text.html))
            put_text(change, post, text)

        self._dynamo.change(work)

    def unread_reaches(self, most: int) -> bool:
        """Whether at least so many posts wait to be read for the first time."""
        return number_in(standing(self._dynamo), State.RECEIVED) >= max(1, most)

    def oldest_unread(self) -> date | None:
        """The day since which the oldest of these waits."""
        return oldest_in(standing(self._dynamo), State.RECEIVED)
