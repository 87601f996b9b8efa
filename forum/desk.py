"""Use cases of the moderators' door: queue, claim, read, decide, undo, take down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from forum.ports import Clock, DeskStore
from forum.post import (
    WAITING,
    Act,
    Kind,
    NotAllowed,
    Post,
    State,
    Text,
    allowed,
    fingerprint,
    moved,
    record_of,
)
from forum.retention import CLAIMED_FOR, UNDO_WITHIN
from forum.rows import Card, Changed, Claim, Decision, Message, Place, Run, Undo

PAGE = 20
"""Cards on a page of the queue."""
LONGEST_MESSAGE = 2_000
"""Characters of a message to an author."""
WORDS_NEEDED = frozenset({Act.RETURN, Act.DECLINE, Act.TAKE_DOWN})
"""Decisions that an author must not receive without a word."""

SAFETY_ACTS = frozenset({Act.TAKE_DOWN, Act.HIDE, Act.ESCALATE})
"""What keeps people safe cannot wait for whoever holds the post."""

MODERATORS_ACTS = frozenset(Act) - {Act.REVISE, Act.ACCEPT, Act.APPEAL, Act.WITHDRAW}
"""What the desk does and puts on record; the other acts are the author's alone."""


class NoSuchPost(Exception):
    """There is no post with this id, or its text is gone."""


class HeldByAnother(Exception):
    """Another moderator is reading this post."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim.moderator)
        self.claim = claim


class Stale(Exception):
    """The post has changed since it was read. Nothing was overwritten."""

    def __init__(self, post: Post) -> None:
        super().__init__(post.state.value)
        self.post = post


class WordsNeeded(Exception):
    """The decision needs a message to the author, of a length that can be read."""


class NothingToUndo(Exception):
    """The minute is over, somebody else decided, or the post has moved on."""


@dataclass(frozen=True)
class Seen:
    """What a moderator had before their eyes when they decided."""

    post_id: str
    version: int
    hash: str | None = None
    """Hash of the record as it was shown; needed to approve."""


@dataclass(frozen=True)
class Reading:
    """Everything one page needs to read and decide a post."""

    post: Post
    text: Text | None
    hash: str | None
    claim: Claim | None
    message: Message | None
    is_up: bool
    acts: frozenset[Act]
    decisions: Sequence[Decision]
    undo: Undo | None


@dataclass(frozen=True)
class Desk:
    """The desk's use cases over one store."""

    store: DeskStore
    clock: Clock

    def counts(self) -> Mapping[tuple[Kind, State], int]:
        """How many posts stand where."""
        return self.store.counts()

    def queue(
        self, states: Sequence[State] = WAITING, after: Place | None = None, limit: int = PAGE
    ) -> Sequence[Card]:
        """A page of cards, oldest first."""
        return self.store.cards(states, after, limit, self.clock.now())

    def claim(self, post_id: str, who: str) -> Claim:
        """Take the post to read it; raise `HeldByAnother` or `NoSuchPost`."""
        if self.store.post(post_id) is None:
            raise NoSuchPost
        now = self.clock.now()
        holds = self.store.claim(Claim(post_id, who, now + CLAIMED_FOR), now)
        if holds.moderator != who:
            raise HeldByAnother(holds)
        return holds

    def release(self, post_id: str, who: str) -> None:
        """Give a claim up."""
        self.store.release(post_id, who)

    def read(self, post_id: str) -> Reading:
        """One post with all that belongs to it; raise `NoSuchPost`."""
        post = self._post(post_id)
        text = self.store.text(post_id)
        return Reading(
            post=post,
            text=text,
            hash=fingerprint(record_of(post, text)) if text else None,
            claim=self._holder(post),
            message=self.store.message(post_id),
            is_up=self.store.is_up(post_id),
            acts=allowed(post) & MODERATORS_ACTS,
            decisions=self.store.decisions(post_id),
            undo=self._undo(post),
        )

    def decide(self, act: Act, seen: Seen, who: str, words: str = "") -> Post:
        """Make a decision on exactly what was seen; approval needs the hash.

        Another's claim stands in the way of all but `SAFETY_ACTS`, and outlasts those. `words`
        are the message to the author. Raises `NoSuchPost`, `Stale`, `HeldByAnother`,
        `NotAllowed`, `WordsNeeded`.
        """
        words = words.strip()
        post = self._decidable(act, seen, who)
        if act not in MODERATORS_ACTS:
            raise NotAllowed(f"{act.value} is for the author alone")
        approving = act is Act.APPROVE
        after = self._approved(post, seen) if approving else moved(post, act, self._today())
        if (act in WORDS_NEEDED and not words) or len(words) > LONGEST_MESSAGE:
            raise WordsNeeded
        return self._decided(post, after, act, who, words)

    def undo(self, post_id: str, who: str) -> Post:
        """Take back one's own decision within a minute, the message it replaced included.

        What had been up goes up again, in its place. Raises `NothingToUndo`, `NoSuchPost`.
        """
        post = self._post(post_id)
        undo = self._undo(post)
        if undo is None or undo.moderator != who:
            raise NothingToUndo
        after = replace(undo.before, version=post.version + 1)
        decision = Decision(self._today(), who, Act.UNDO, post.id, after.approved_hash)
        try:
            self.store.decide(after, decision, undo.message, None)
        except Changed:
            raise NothingToUndo from None
        return after

    def publish(self) -> int:
        """Ask for a press run; the number of the ring it answers."""
        return self.store.ring()

    def last_run(self) -> Run | None:
        """How the last press run went."""
        return self.store.last_run()

    def closed(self) -> bool:
        """Whether the form is closed."""
        return self.store.closed()

    def set_closed(self, closed: bool) -> None:
        """Close or open the form."""
        self.store.set_closed(closed)

    def _post(self, post_id: str) -> Post:
        post = self.store.post(post_id)
        if post is None:
            raise NoSuchPost
        return post

    def _decidable(self, act: Act, seen: Seen, who: str) -> Post:
        post = self._post(seen.post_id)
        if post.version != seen.version:
            raise Stale(post)
        holder = None if act in SAFETY_ACTS else self._holder(post)
        if holder and holder.moderator != who:
            raise HeldByAnother(holder)
        return post

    def _approved(self, post: Post, seen: Seen) -> Post:
        """The post approved as the record that was read, and as no other."""
        text = self.store.text(post.id)
        if text is None:
            raise NoSuchPost
        shown = fingerprint(record_of(post, text))
        if seen.hash != shown:
            raise Stale(post)
        return replace(moved(post, Act.APPROVE, self._today()), approved_hash=shown)

    def _decided(self, before: Post, after: Post, act: Act, who: str, words: str) -> Post:
        now = self.clock.now()
        decision = Decision(now.date(), who, act, after.id, after.approved_hash)
        message = Message(now.date(), words) if words else None
        had = self.store.message(before.id)
        undo = Undo(before, after.version, who, now + UNDO_WITHIN, had)
        try:
            self.store.decide(after, decision, message, undo)
        except Changed:
            raise Stale(self._post(after.id)) from None
        return after

    def _holder(self, post: Post) -> Claim | None:
        return self.store.holder(post.id, self.clock.now())

    def _undo(self, post: Post) -> Undo | None:
        undo = self.store.undo(post.id)
        if undo is None or undo.version != post.version or undo.until <= self.clock.now():
            return None
        return undo

    def _today(self) -> date:
        return self.clock.now().date()
