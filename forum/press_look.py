"""What one pass of the press looks at: everything, or only the posts that are unpressed.

Whoever looks at a few sees of them what they would see looking at all. No text is kept while the
press runs: there may be very many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from sys import intern

from forum.edition import Candidate, Past, lists_of
from forum.parts import POST_ID
from forum.post import PRESSED_KINDS, Kind, Post, Record, State, Text, canonical, record_of
from forum.press_store import PressStore
from forum.printing import Aside
from forum.rows import Unreadable

READ_AGAIN = frozenset({State.HIDDEN, State.SECOND})
"""States from which a post that was up may come back to where it was."""
NONSENSE = (TypeError, ValueError, AttributeError)
"""What a record raises when somebody wrote into its row."""


@dataclass(frozen=True)
class Look:
    """A look at what is approved and at what is up."""

    store: PressStore
    examples: Sequence[Record]
    only: frozenset[str] | None
    """The ids of all posts that are looked at; None for everything."""

    def candidates(self) -> tuple[dict[str, Candidate], tuple[Aside, ...]]:
        """Examples, and approved posts whose record is the one that was decided on."""
        found = {record.id: _candidate(record) for record in self.examples}
        set_aside = []
        for one in self.store.approved(self.only):
            if isinstance(one, Unreadable):
                set_aside.append((one.post_id, "the stored row cannot be read"))
                continue
            post, text = one
            candidate = _approved(post, text)
            if isinstance(candidate, Candidate):
                found[post.id] = candidate
            else:
                set_aside.append((post.id, candidate))
        return found, tuple(set_aside)

    def past(self) -> Past:
        """What the edition record knows of them, and where each list goes on."""
        up = self.store.up(self.only)
        states = self.store.states(tuple(up))
        hidden = [post_id for post_id, state in states.items() if state in READ_AGAIN]
        return Past(up, self.store.next_slots(), hidden)

    def content(self, post_id: str) -> bytes | None:
        """The record of what is approved now, or of an example, in its one byte form."""
        for record in self.examples:
            if record.id == post_id:
                return canonical(record)
        for one in self.store.approved((post_id,)):
            if not isinstance(one, Unreadable):
                return _content(*one)
        return None

    def explained(self) -> list[str]:
        """Those in the edition record that their author or a moderator took down."""
        return explained(self.store, self.store.up(self.only))

    def edited(self) -> list[str]:
        """Those that readers see in other words than were decided on since."""
        up = {i: row.hash for i, row in self.store.up(self.only).items() if row.shown}
        return [
            one[0].id
            for one in self.store.approved(self.only)
            if not isinstance(one, Unreadable)
            and up.get(one[0].id, one[0].approved_hash) != one[0].approved_hash
        ]


def explained(store: PressStore, post_ids: Collection[str]) -> list[str]:
    """Those of these that their author or a moderator took down."""
    states = store.states(tuple(post_ids))
    return [i for i in post_ids if states.get(i, State.APPROVED) is not State.APPROVED]


def _approved(post: Post, text: Text) -> Candidate | str:
    """The post as one that may go up; else why it may not."""
    if post.kind not in PRESSED_KINDS:
        return "this kind is never published"
    if not POST_ID.fullmatch(post.id):
        return "its id is none of ours"
    try:
        days = None if post.kind is Kind.CANARY else (post.day, post.state_day)
        found = _candidate(record_of(post, text), days)
    except NONSENSE:
        return "the stored row cannot be read"
    return found if found.hash == post.approved_hash else "the stored text is not what was approved"


def _candidate(record: Record, days: tuple[date, date] | None = None) -> Candidate:
    lists = tuple(map(intern, lists_of(record)))  # very many posts stand in a few lists
    return Candidate(hashlib.sha256(canonical(record)).hexdigest(), lists, days)


def _content(post: Post, text: Text) -> bytes | None:
    try:
        return canonical(record_of(post, text))
    except NONSENSE:
        return None
