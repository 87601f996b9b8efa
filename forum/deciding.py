"""What stands in the way of a decision, and what is stored with one that is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from forum.ports import Clock, DeskStore
from forum.post import Act, NotAllowed, Post, State, Text, allowed, fingerprint, moved, record_of
from forum.record import parted
from forum.retention import UNDO_WITHIN
from forum.rows import Claim, Decided, Decision, Message, Undo

LONGEST_MESSAGE = 2_000
"""Characters of a message to an author."""
WORDS_NEEDED = frozenset({Act.RETURN, Act.DECLINE, Act.TAKE_DOWN})
"""Decisions that an author must not receive without a word."""

SAFETY_ACTS = frozenset({Act.TAKE_DOWN, Act.ESCALATE, Act.CONCLUDE})
"""What keeps people safe cannot wait for whoever holds the post."""

APPROVING = frozenset({Act.APPROVE, Act.KEEP})
"""Decisions that put on the site, or leave there, exactly what was read: see forum/settling.py."""

MODERATORS_ACTS = frozenset(Act) - {
    Act.REVISE,
    Act.ACCEPT,
    Act.AGREE,
    Act.REFUSE,
    Act.APPEAL,
    Act.WITHDRAW,
    Act.HIDE,
}
"""What the desk does and puts on record; the other acts are the author's or the readers'."""


PASSED_ON, NO_MEANS = "passed-on", "no-means-of-contact"
ENDINGS = frozenset({PASSED_ON, NO_MEANS})
"""Reason codes of concluding: how care for an escalated post can end. Both are allowed endings."""

_APPEALED_AGAINST = frozenset({Act.DECLINE, Act.TAKE_DOWN, Act.OFFER})


class NoSuchPost(Exception):
    """There is no post with this id, or its text is gone."""


class HeldByAnother(Exception):
    """Another moderator is reading this post."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim.moderator)
        self.claim = claim


class NeedsAnother(Exception):
    """Somebody else must do this: an appeal against one's own decision, a second reading."""


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
    """Hash of the record as it was shown; needed to approve, to keep and to offer changes."""


@dataclass(frozen=True)
class Words:
    """What a decision says to the author, and why it was made."""

    words: str = ""
    reason: str = ""
    """A reason code for the record: the key of the message's template."""


SILENT = Words()


@dataclass(frozen=True)
class Deciding:
    """Decisions over one store, made and not yet stored."""

    store: DeskStore
    clock: Clock

    def post(self, post_id: str) -> Post:
        """The post; raise `NoSuchPost`."""
        post = self.store.post(post_id)
        if post is None:
            raise NoSuchPost
        return post

    def text(self, post_id: str) -> Text:
        """Its text; raise `NoSuchPost`."""
        text = self.store.text(post_id)
        if text is None:
            raise NoSuchPost
        return text

    def holder(self, post: Post) -> Claim | None:
        """The claim that holds now."""
        return self.store.holder(post.id, self.clock.now())

    def undo(self, post: Post) -> Undo | None:
        """What its last decision can still be taken back to."""
        undo = self.store.undo(post.id)
        if undo is None or undo.version != post.version or undo.until <= self.clock.now():
            return None
        return undo

    def decided_by(self, post: Post) -> str:
        """Who made the decision that an appealed post appeals against."""
        if not (post.appealed and post.state in (State.APPEALED, State.SECOND)):
            return ""
        standing, _ = parted(self.store.decisions(post.id), lambda one: one.act is Act.UNDO)
        made = [decision for decision in standing if decision.act in _APPEALED_AGAINST]
        return made[-1].moderator if made else ""

    def decidable(self, act: Act, seen: Seen, who: str) -> Post:
        """The post as it was seen, if this moderator may do this to it."""
        post = self.post(seen.post_id)
        if post.version != seen.version:
            raise Stale(post)
        if act not in MODERATORS_ACTS:
            raise NotAllowed(f"{act.value} is not for the desk")
        holder = None if act in SAFETY_ACTS else self.holder(post)
        if holder and holder.moderator != who:
            raise HeldByAnother(holder)
        if act not in SAFETY_ACTS and who == self.decided_by(post):
            raise NeedsAnother
        return post

    def read_text(self, seen: Seen) -> Text:
        """The text that was seen; raise `Stale` when it is another now."""
        post, text = self.post(seen.post_id), self.text(seen.post_id)
        if seen.hash != fingerprint(record_of(post, text)):
            raise Stale(post)
        return text

    def decided(self, act: Act, seen: Seen, who: str, said: Words, batch: str = "") -> Decided:
        """The decision with all that belongs to it, not stored yet."""
        before = self.decidable(act, seen, who)
        after = moved(before, act, self.clock.now().date())
        if act is Act.CONCLUDE and said.reason not in ENDINGS:
            raise NotAllowed("it can only end in one of these ways: " + ", ".join(sorted(ENDINGS)))
        if act not in for_moderators(before):
            raise NotAllowed(f"{before.kind.value}: no {act.value} from {before.state.value}")
        if act is Act.ASK_SECOND:
            after = replace(after, first_reader=who)
        return self.made(act, before, after, who, said, batch)

    def made(
        self, act: Act, before: Post, after: Post, who: str, said: Words, batch: str = ""
    ) -> Decided:
        """That somebody did this to the post, with their words and a way back for a minute."""
        words, now = said.words.strip(), self.clock.now()
        if (act in WORDS_NEEDED and not words) or len(words) > LONGEST_MESSAGE:
            raise WordsNeeded
        why = (said.reason, before.marks)
        had = self.store.message(before.id)
        stays = (Act.KEEP, Act.CONCLUDE, Act.ASK_SECOND)  # what was said before is still true
        kept = had if act in stays else None
        return Decided(
            post=after,
            decision=Decision(now.date(), who, act, after.id, after.approved_hash, *why),
            message=Message(now.date(), words) if words else kept,
            undo=Undo(before, after.version, who, now + UNDO_WITHIN, had, batch),
        )


def for_moderators(post: Post) -> frozenset[Act]:
    """What a moderator may choose to do now; a second reader is asked for once."""
    acts = allowed(post) & MODERATORS_ACTS
    return acts - {Act.ASK_SECOND} if post.state is State.SECOND else acts


def taken_back(undo: Undo, who: str, today: date) -> Decided:
    """The decision that undoes what this undo remembers."""
    after = replace(undo.before, version=undo.version + 1)
    decision = Decision(today, who, Act.UNDO, after.id, after.approved_hash)
    return Decided(after, decision, undo.message, text=undo.text)
