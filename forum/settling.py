"""What becomes of a post whose every marked word was decided on, before anything is stored.

As it is, or with identifying words taken out, it is approved or goes on to a second reader; with
anything else changed it is offered to its author.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from forum import texts
from forum.approving import Approver, Edit, approval
from forum.post import Act, Fields, Post, State, Text, fingerprint, moved, record_of
from forum.review import Choices, Edited, Stretch, edited, stretches
from forum.route import gravest
from forum.rows import Offer, Verdict
from forum.texts import Checked


class Unchanged(Exception):
    """The suggested text is the author's own: there is nothing to offer."""


@dataclass(frozen=True)
class Review:
    """What a moderator made of a post: every marked stretch, and what stands around the text."""

    choices: Choices = field(default_factory=dict)
    fields: Fields | None = None
    """Topics, stage, arc, content notes and help as they should be; None leaves them."""


AS_IT_IS = Review()
"""Nothing decided on, nothing changed: enough where nothing is marked."""


@dataclass(frozen=True)
class Settled:
    """What a review comes to."""

    act: Act
    """Approve or keep, ask for a second reader, or offer."""
    before: Post
    was: Text
    post: Post
    """As it is then."""
    text: Text
    """As it would be read."""
    offer: Offer | None
    verdicts: tuple[tuple[str, Verdict], ...]

    @property
    def changed(self) -> bool:
        """Whether words of the text are other than they were."""
        return self.text != self.was

    @property
    def edited(self) -> bool:
        """Whether these words are put in place without asking their author, who is told."""
        return self.changed and self.offer is None


def settled(
    post: Post, text: Text, review: Review, who: Approver, crew: int, today: date
) -> Settled:
    """What this review of exactly this text comes to.

    Raises `Undecided`, `BadReplacement`, `Refused` (the text as changed cannot be taken),
    `NeedsAnother`, `TooFew` and `NotAllowed`.
    """
    change = edited(text, review.choices)
    filed = replace(post, fields=review.fields or post.fields)
    now_filed, now = _rewritten(filed, text, change)
    hash = fingerprint(record_of(now_filed, now))
    fresh = _marked_anew(text, now, change)
    if change.changed and not _may_be_told(change, fresh):
        after = _offered_by(moved(now_filed, Act.OFFER, today), post, who)
        return _offer(post, text, after, now, change.verdicts)
    somebody_else = change.touches_close_detail or bool(fresh)
    edit = Edit(change.changed, somebody_else)
    comes_to = approval(now_filed, hash, who, edit, crew)
    after = moved(now_filed, comes_to.act, today)
    after = _edited_by(after, who.id) if edit.changed else after
    after = replace(
        after,
        approved_hash=hash if comes_to.counts else None,
        first_reader=who.id if comes_to.act is Act.ASK_SECOND and comes_to.counts else "",
    )
    return Settled(comes_to.act, post, text, after, now, None, change.verdicts)


def offered(post: Post, text: Text, title: str, body: str, who: Approver, today: date) -> Settled:
    """What offering the author this title and body comes to.

    Raises `Unchanged`, `Refused` (errors by field) and `NotAllowed`.
    """
    checked = texts.check(title, body)
    if (checked.text.title, checked.text.html) == (text.title, text.html):
        raise Unchanged
    after = _offered_by(still_as_grave(moved(post, Act.OFFER, today), checked), post, who)
    return _offer(post, text, after, checked.text, ())


def _offer(
    before: Post, was: Text, after: Post, text: Text, verdicts: tuple[tuple[str, Verdict], ...]
) -> Settled:
    offer = Offer(text, fingerprint(record_of(after, text)))
    return Settled(Act.OFFER, before, was, after, text, offer, verdicts)


def _marked_anew(was: Text, now: Text, change: Edited) -> tuple[Stretch, ...]:
    """Marked words that nobody decided on: those put in, and any that were one too many to mark."""
    if not change.changed:
        return ()
    left = {s.words for s in stretches(was) if s not in change.replaced}
    return tuple(s for s in stretches(now) if s.needs_decision and s.words not in left)


def _may_be_told(change: Edited, fresh: Sequence[Stretch]) -> bool:
    """Whether the author need not be asked: only words that identify somebody went, for few."""
    harmless = not change.puts_in or all(s.identifies for s in fresh)
    return change.only_identifying and change.brief and harmless


def _rewritten(post: Post, text: Text, change: Edited) -> tuple[Post, Text]:
    """Post and text as changed."""
    if not change.changed:
        return post, text
    if text.typed is None:  # only the published form is kept, and nothing is marked in its body
        return post, replace(text, title=texts.title_alone(change.title))
    checked = texts.check(change.title, change.body)
    return still_as_grave(post, checked), checked.text


def still_as_grave(post: Post, checked: Checked) -> Post:
    """The post with the marks of words that a moderator changed, beside those it had.

    Who sounded as if in danger may still be, whatever words are left.
    """
    marks = tuple(sorted({*post.marks, *checked.marks}))
    return replace(post, marks=marks, route=gravest((post.route, checked.route)))


def _offered_by(after: Post, before: Post, who: Approver) -> Post:
    """The post as somebody offers changes to it.

    Their author's yes puts it on the site only where one reader would have been enough.
    """
    needs_another = who.learning or before.state is State.SECOND
    return replace(_edited_by(after, who.id), first_reader=who.id if needs_another else "")


def _edited_by(post: Post, who: str) -> Post:
    return replace(post, editors=tuple(dict.fromkeys((*post.editors, who))))
