"""A moderator at the desk, as every view gets them; what the desk refuses is a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalice.app import Response

from doors.answers import page, to
from forum.approving import Approver, TooFew
from forum.deciding import HeldByAnother, NeedsAnother, NoSuchPost, NothingToUndo, Stale
from forum.desk import Desk
from forum.person import Role
from forum.post import NotAllowed
from forum.wellbeing import OnDuty, Standing, Wellbeing
from moderation.door.guard import Doorway, Person
from moderation.door.roles import QUEUE

PAUSE = "/moderation/pause"

REFUSALS = (*(NoSuchPost, HeldByAnother, NeedsAnother, TooFew, NothingToUndo, Stale, NotAllowed),)
"""What the desk raises when a post is not as the moderator last saw it, or not theirs to decide."""

_REASONS: Mapping[type[Exception], str] = {
    HeldByAnother: "held",
    NeedsAnother: "needs-another",
    TooFew: "too-few",
    NothingToUndo: "too-late",
}


@dataclass(frozen=True)
class AtDesk:
    """The desk's use cases, who works with them, and how their day stands."""

    desk: Desk
    doorway: Doorway
    person: Person
    wellbeing: Wellbeing
    standing: Standing
    names: Mapping[str, str]
    """Moderators' names by id."""

    @property
    def who(self) -> str:
        """The id under which this moderator claims and decides."""
        return self.person.moderator.id

    @property
    def approver(self) -> Approver:
        """The same, as far as approving goes."""
        return Approver(self.who, learning=self.person.moderator.learning > 0)

    @property
    def on_duty(self) -> OnDuty:
        """The same, as far as looking after them goes."""
        moderator = self.person.moderator
        opt_outs = frozenset(moderator.opt_outs)
        return OnDuty(moderator.id, moderator.may(Role.SAFETY_LEAD), opt_outs)

    def called(self, moderator: str) -> str:
        """What somebody who holds a post is called."""
        return self.names.get(moderator, "Another moderator")

    def done(self, post_id: str) -> Response:
        """On from a decision: to the queue, or to a pause after an urgent post."""
        moderator, post = self.person.moderator, self.desk.deciding.post(post_id)
        if moderator.learning:
            self.doorway.people.learned(moderator.id)
        if self.wellbeing.decided(self.who, post):
            return to(f"{PAUSE}?done={post_id}")
        return to(f"{QUEUE}?done={post_id}")

    def refused(self, error: Exception, post_id: str, *typed: str) -> Response:
        """Nothing was overwritten: say what happened and give back what was typed."""
        kept = [words for words in typed if words.strip()]
        if isinstance(error, NoSuchPost):
            return page("desk/gone.html", 404, person=self.person, kept=kept)
        return page(
            "desk/conflict.html",
            409,
            person=self.person,
            post_id=post_id,
            reason=_REASONS.get(type(error), "moved-on"),
            other=self.called(error.claim.moderator) if isinstance(error, HeldByAnother) else "",
            kept=kept,
        )
