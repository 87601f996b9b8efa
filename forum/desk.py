"""Use cases of the moderators' door: queue, claim, read, review, decide, undo, take down."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forum.approving import Approver
from forum.deciding import (
    APPROVING,
    SILENT,
    Deciding,
    HeldByAnother,
    NeedsAnother,
    NoSuchPost,
    NothingToUndo,
    Seen,
    Stale,
    Words,
    for_moderators,
    taken_back,
)
from forum.ids import new_id
from forum.likeness import alike
from forum.person import OPERATOR
from forum.ports import Clock, DeskStore, Randomness
from forum.post import (
    Act,
    Kind,
    NotAllowed,
    Post,
    State,
    Text,
    fingerprint,
    moved,
    record_of,
)
from forum.races import settled
from forum.retention import CLAIMED_FOR
from forum.rows import (
    Asked,
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
from forum.settling import AS_IT_IS, Review, Settled, offered
from forum.settling import settled as settled_review

PAGE = 20
"""Cards on a page of the queue."""


EVERYTHING = Asked()
"""All that waits."""


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
    original: Text | None
    """Its author's own words, where a moderator took identifying detail out of them."""
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
    operator_counts: bool = True
    """Whether a decision from the command line may be the last of two; in production it is not."""

    def counts(self) -> Mapping[tuple[Kind, State], int]:
        """How many posts stand where."""
        return self.store.counts()

    def queue(
        self, asked: Asked = EVERYTHING, after: Place | None = None, limit: int = PAGE
    ) -> Sequence[Card]:
        """A page of cards, gravest first, then oldest."""
        return self.store.cards(asked, after, limit, self.clock.now())

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
            acts=for_moderators(post),
            decisions=self.store.decisions(post_id),
            undo=self.deciding.undo(post),
            offer=self.store.offer(post_id),
            original=self.store.original(post_id),
            reports=self.store.reports(post_id),
            decided_by=self.deciding.decided_by(post),
        )

    def decide(self, act: Act, seen: Seen, who: str, words: str = "", reason: str = "") -> Post:
        """Make a decision on exactly what was seen; approval needs the hash.

        Another's claim stands in the way of all but `SAFETY_ACTS`, and outlasts those. `words`
        are the message to the author, `reason` a code for the record. Raises `NoSuchPost`,
        `Stale`, `HeldByAnother`, `NeedsAnother`, `NotAllowed`, `WordsNeeded`; to approve or keep,
        what `review` raises.
        """
        said = Words(words, reason)
        if act is Act.OFFER:
            raise NotAllowed("changes are offered with the text as it would be")
        if act in APPROVING:
            moved(self.deciding.decidable(act, seen, who), act, self.clock.now().date())
            return self.review(seen, Approver(who), AS_IT_IS, said).post
        return self._stored(self.deciding.decided(act, seen, who, said)).post

    def plan(self, seen: Seen, who: Approver, review: Review) -> Settled:
        """What a review would come to; nothing is stored. Raises what `review` raises."""
        before = self.deciding.decidable(Act.APPROVE, seen, who.id)
        text = self.deciding.read_text(seen)
        if not self.operator_counts and who.id.startswith(OPERATOR):
            who = replace(who, counts_last=False)
        today = self.clock.now().date()
        return settled_review(before, text, review, who, self.store.crew(), today)

    def review(self, seen: Seen, who: Approver, review: Review, said: Words = SILENT) -> Settled:
        """Approve or keep a post whose marked words were decided on, as far as one person can.

        It comes to an approval, to a second reading, or to an offer to its author. Raises what
        `decide` raises, and `Undecided`, `BadReplacement`, `Refused`, `TooFew`.
        """
        return self.settle(self.plan(seen, who, review), who.id, said)

    def settle(self, settled: Settled, who: str, said: Words = SILENT) -> Settled:
        """Store what a review or an offer was planned to come to.

        Raises `Stale` when the post has moved on since, and `WordsNeeded`.
        """
        decided = self.deciding.made(settled.act, settled.before, settled.post, who, said)
        decided = replace(decided, offer=settled.offer, verdicts=settled.verdicts)
        if settled.edited and decided.undo:
            undo = replace(decided.undo, text=settled.was)
            decided = replace(decided, text=settled.text, undo=undo)
        self._stored(decided)
        return settled

    def plan_offer(self, seen: Seen, who: Approver, title: str, body: str) -> Settled:
        """What offering this text would come to; nothing is stored. Raises what `offer` raises."""
        before = self.deciding.decidable(Act.OFFER, seen, who.id)
        today = self.clock.now().date()
        return offered(before, self.deciding.read_text(seen), title, body, who, today)

    def offer(self, seen: Seen, who: Approver, title: str, body: str, said: Words = SILENT) -> Post:
        """Suggest the whole text as it could be; its author accepts, changes or refuses it.

        The suggestion is checked, sanitized and screened like any text, and nothing goes up but
        the very bytes that the author accepts. Raises what `decide` raises, `Refused` (errors by
        field) and `Unchanged`.
        """
        settled = self.plan_offer(seen, who, title, body)
        return self.settle(settled, who.id, said).post

    def crew(self) -> int:
        """How many people are enrolled to read and decide."""
        return self.store.crew()

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
                made.append(self.deciding.decided(Act.DECLINE, one, who, Words(words), batch))
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

    def set_closed(self, closed: bool, who: str) -> None:
        """Close or open the form; who did it is put on record."""
        self.store.set_closed(closed, self.clock.now().date(), who)

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
