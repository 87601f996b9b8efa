"""What the press needs of a store, and the bell that calls it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from forum.post import Post, State, Text
from forum.rows import EditionRow, Run, Unreadable


class PressStore(Protocol):
    """What the press may do: read what is approved, keep the edition record.

    A post is unpressed from the moment when what is approved and what the record says is up may no
    more be the same. So a press that looks at these alone misses nothing that was decided.
    """

    def unpressed(self) -> Sequence[str]:
        """The posts that are, by id. Costs what they are, however many posts there are."""

    def note_unpressed(self, post_ids: Collection[str]) -> None:
        """Note that these posts are."""

    def approved(
        self, post_ids: Collection[str] | None = None
    ) -> Iterator[tuple[Post, Text] | Unreadable]:
        """Every approved post, or those of these, with its text, by id.

        One bad row keeps no other back.
        """

    def states(self, post_ids: Sequence[str]) -> Mapping[str, State]:
        """The states of the posts that still have a row, as far as they can be read."""

    def up(self, post_ids: Collection[str] | None = None) -> Mapping[str, EditionRow]:
        """What is up, or has kept its places, or those of these; by post id, in its order."""

    def count_up(self) -> int:
        """How many posts are up, or have kept their places."""

    def next_slots(self) -> Mapping[str, int]:
        """The first free slot of every list that has ever had a post."""

    def record(
        self,
        put: Sequence[EditionRow],
        drop: Sequence[str],
        shown: Mapping[str, str] | None = None,
    ) -> None:
        """Change what is up, all or nothing; slots that were given are never given again.

        `shown` is what readers see of posts from now on: the hash of its record by id, "" for one
        that they do not see. Such a post is unpressed no more if that is what should be, at this
        moment: it is approved and up with this hash; or it is not seen, not approved, and not in
        the record but for places that it keeps while it is read again.
        """

    def rung(self) -> int:
        """The number of the last ring of the bell."""

    def put_run(self, run: Run) -> None:
        """Record how a run stands; a finished one answers its ring. What is mended stays."""

    def put_mended(self, words: str) -> None:
        """Record what the last look at everything mended, a line each, until the next."""


class Bell(Protocol):
    """What the worker beside the doors listens to, and what it does between rings."""

    def wanted(self) -> bool:
        """Whether a ring waits for an answer: only a finished run is one."""

    def tidy(self) -> None:
        """Cut whatever would show which rows were written together."""
