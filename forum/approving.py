"""Who may put a post on the site: one reader is enough, or two who approve the same bytes.

Whoever changed a post does not count among the two. Whoever is still learning never approves
last, nor does an operator from the command line in production.
"""

from __future__ import annotations

from dataclasses import dataclass

from forum.deciding import NeedsAnother
from forum.post import Act, Post, State, allowed

LEAST_CREW = 3
"""One who may have to change words, and two who then approve them."""


class TooFew(Exception):
    """Two must approve this, and too few people are enrolled for that: it waits."""


@dataclass(frozen=True)
class Approver:
    """Whoever approves, and what keeps them from being the last."""

    id: str
    learning: bool = False
    """A buddy still reads along."""
    counts_last: bool = True
    """False for an operator in production."""


@dataclass(frozen=True)
class Edit:
    """What the approver changed, if anything."""

    changed: bool = False
    """Words of the text. What stands around it (topics, notes, help) is a moderator's to decide, is
    part of the bytes that are approved, and makes nobody its editor."""
    close_detail: bool = False
    """Names, places or rare roles: somebody else must look, whatever the risk."""


@dataclass(frozen=True)
class Approval:
    """What an approval comes to."""

    act: Act
    """Approve or keep; or ask for a second reader."""
    counts: bool = True
    """Whether it is one of the two that a second reader completes."""


def approval(post: Post, hash: str | None, who: Approver, edit: Edit, crew: int) -> Approval:
    """What this person's approval of exactly these bytes comes to.

    Raises `NeedsAnother` when somebody else must, and `TooFew` when there are not enough people.
    """
    last = Act.APPROVE if Act.APPROVE in allowed(post) else Act.KEEP
    second = Approval(Act.ASK_SECOND, counts=not edit.changed)
    if edit.changed:
        alone = not (post.needs_two or edit.close_detail or who.learning or not who.counts_last)
        return Approval(last) if alone and post.state is not State.SECOND else second
    if last is Act.KEEP and post.approved_hash == hash:
        return Approval(last)  # these very bytes have been through all of this
    if post.state is State.SECOND and who.id in (post.first_reader, *post.editors):
        raise NeedsAnother
    if post.needs_two:
        return _one_of_two(post, hash, who, crew)
    if who.learning and post.state is not State.SECOND:
        return second
    if post.state is State.SECOND and not _may_be_last(who):
        raise NeedsAnother
    return Approval(last)


def _one_of_two(post: Post, hash: str | None, who: Approver, crew: int) -> Approval:
    if who.id in post.editors:
        raise NeedsAnother
    first_agrees = bool(post.first_reader) and post.approved_hash == hash
    if not (post.state is State.SECOND and first_agrees):
        return Approval(Act.ASK_SECOND, counts=who.counts_last)
    if not _may_be_last(who):
        raise NeedsAnother
    if crew < LEAST_CREW:
        raise TooFew
    return Approval(Act.APPROVE)


def _may_be_last(who: Approver) -> bool:
    return who.counts_last and not who.learning
