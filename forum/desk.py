"""Use cases of the moderators' door: queue, claim, read, decide, suggest, undo, take down."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forum import texts
from forum.deciding import (
    MODERATORS_ACTS,
    Deciding,
    HeldByAnother,
    NeedsAnother,
    NoSuchPost,
    NothingToUndo,
    Seen,
    Stale,
    taken_back,
)
from forum.ids import new_id
from forum.likeness import alike
from forum.ports import Clock, DeskStore, Randomness
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
    record_of,
)
from forum.races import settled
from forum.retention import CLAIMED_FOR
from forum.rows import (
    Card,
    Changed,
    Claim,
    Decided,
    Decision,
    Message,
    Offer,
    Place,
    Report,
    Run,
    Undo,
)

PAGE = 20
"""Cards on a page of the queue."""


class Unchanged(Exception):
    """The suggested text is the author's own: there is nothing to offer."""


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
    offer: Offer | None
    reports: Sequence[Report]
    decided_by: str
    """Who decided a post that was appealed, and so may not decide it again; else ""."""


@dataclass(frozen=True)
class Batch:
    """Decisions that were made as one and can be undone as one."""

    id: str
    posts: tuple[Post, ...]
    left: tuple[str, ...]
    """Ids of posts that had moved on meanwhile, or that somebody else is reading."""


@dataclass(frozen=True)
class Desk:
    """The desk's use cases over one store."""

    store: DeskStore
    clock: Clock
    randomness: Randomness = secrets.token_bytes

    def counts(self) -> Mapping[tuple[Kind, State], int]:
        """How many posts stand where."""
        return self.store.counts()

    def queue(
        self, states: Sequence[State] = WAITING, after: Place | None = None, limit: int = PAGE
    ) -> Sequence[Card]:
        """A page of cards, oldest first."""
        return self.store.cards(states, after, limit, self.clock.now())

    def reported(self, limit: int = PAGE) -> Sequence[Card]:
        """Posts that readers reported: they come before everything else."""
        return self.store.reported(limit, self.clock.now())

    def reports(self, post_id: str) -> Sequence[Report]:
        """What readers reported of one post."""
        return self.store.reports(post_id)

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
        post = self.deciding.post(post_id)
        text = self.store.text(post_id)
        return Reading(
            post=post,
            text=text,
            hash=fingerprint(record_of(post, text)) if text else None,
            claim=self.deciding.holder(post),
            message=self.store.message(post_id),
            is_up=self.store.is_up(post_id),
            acts=allowed(post) & MODERATORS_ACTS,
            decisions=self.store.decisions(post_id),
            undo=self.deciding.undo(post),
            offer=self.store.offer(post_id),
            reports=self.store.reports(post_id),
            decided_by=self.deciding.decided_by(post),
        )

    def decide(self, act: Act, seen: Seen, who: str, words: str = "") -> Post:
        """Make a decision on exactly what was seen; approval needs the hash.

        Another's claim stands in the way of all but `SAFETY_ACTS`, and outlasts those. `words`
        are the message to the author. Raises `NoSuchPost`, `Stale`, `HeldByAnother`,
        `NeedsAnother`, `NotAllowed`, `WordsNeeded`.
        """
        if act is Act.OFFER:
            raise NotAllowed("changes are offered with the text as it would be")
        return self._stored(self.deciding.decided(act, seen, who, words.strip())).post

    def offer(self, seen: Seen, who: str, title: str, body: str, words: str = "") -> Post:
        """Suggest the whole text as it could be; its author accepts, changes or refuses it.

        The suggestion is checked, sanitized and screened like any text, and nothing goes up but
        the very bytes that the author accepts. Raises what `decide` raises, `Refused` (errors by
        field) and `Unchanged`.
        """
        decided = self.deciding.decided(Act.OFFER, seen, who, words.strip())
        text, suggested = self.deciding.read_text(seen), texts.check(title, body).text
        if (suggested.title, suggested.html) == (text.title, text.html):
            raise Unchanged
        after = decided.post
        offer = Offer(suggested, fingerprint(record_of(after, suggested)))
        return self._stored(replace(decided, offer=offer)).post

    def alike(self, post_id: str) -> Sequence[tuple[Post, Text]]:
        """Unread posts that read almost like this one, without it: a flood is one text, often.

        Raises `NoSuchPost`.
        """
        own = self.deciding.text(post_id)
        unread = {post.id: (post, text) for post, text in self.store.unread() if post.id != post_id}
        others = ((name, text.typed or "") for name, (_, text) in unread.items())
        return [unread[name] for name in alike(own.typed or "", others)]

    def decline_all(self, seen: Sequence[Seen], who: str, words: str) -> Batch:
        """Decline posts that read alike, as one; what has moved on or is held is left alone.

        Raises `WordsNeeded`, and `Changed` when one moved on at this very moment.
        """
        batch = new_id(self.randomness)
        made, left = [], []
        for one in {one.post_id: one for one in seen}.values():
            try:
                made.append(self.deciding.decided(Act.DECLINE, one, who, words.strip(), batch))
            except (NoSuchPost, Stale, HeldByAnother, NeedsAnother, NotAllowed):
                left.append(one.post_id)
        self.store.decide(*made)
        return Batch(batch, tuple(decided.post for decided in made), tuple(left))

    def undo(self, post_id: str, who: str) -> Post:
        """Take back one's own decision within a minute, the message it replaced included.

        What had been up goes up again, in its place. Raises `NothingToUndo`, `NoSuchPost`.
        """
        post = self.deciding.post(post_id)
        undo = self.deciding.undo(post)
        if undo is None or undo.moderator != who:
            raise NothingToUndo
        try:
            return self._taken_back([undo], who)[0]
        except Changed:
            raise NothingToUndo from None

    def undo_all(self, batch: str, who: str) -> tuple[Post, ...]:
        """Take back what was decided as one, within a minute; raise `NothingToUndo`.

        A post that its author took back meanwhile stays taken back.
        """

        def take_back() -> tuple[Post, ...]:
            posts = [self.store.post(undo.before.id) for undo in self.batch(batch)]
            undos = [undo for post in posts if post and (undo := self.deciding.undo(post))]
            if not undos or any(undo.moderator != who for undo in undos):
                raise NothingToUndo
            return self._taken_back(undos, who)

        try:
            return settled(take_back)
        except Changed:
            raise NothingToUndo from None

    def batch(self, batch: str) -> Sequence[Undo]:
        """What the decisions made as one could be taken back to, while they can."""
        now = self.clock.now()
        return [undo for undo in self.store.undos(batch) if batch and undo.until > now]

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

    @property
    def deciding(self) -> Deciding:
        """Decisions over the same store."""
        return Deciding(self.store, self.clock)

    def _stored(self, decided: Decided) -> Decided:
        try:
            self.store.decide(decided)
        except Changed:
            raise Stale(self.deciding.post(decided.post.id)) from None
        return decided

    def _taken_back(self, undos: Sequence[Undo], who: str) -> tuple[Post, ...]:
        """All of these undone as one; raise `Changed`."""
        made = [taken_back(undo, who, self.clock.now().date()) for undo in undos]
        self.store.decide(*made)
        return tuple(decided.post for decided in made)
