"""A moderator at the desk, as every view gets them; what the desk refuses is a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalice.app import Response

from doors.answers import page
from forum.deciding import HeldByAnother, NeedsAnother, NoSuchPost, NothingToUndo, Stale
from forum.desk import Desk
from forum.post import NotAllowed
from moderation.door.guard import Person

REFUSALS = (NoSuchPost, HeldByAnother, NeedsAnother, NothingToUndo, Stale, NotAllowed)
"""What the desk raises when a post is not as the moderator last saw it, or not theirs to decide."""

_REASONS: Mapping[type[Exception], str] = {
    HeldByAnother: "held",
    NeedsAnother: "needs-another",
    NothingToUndo: "too-late",
}


@dataclass(frozen=True)
class AtDesk:
    """The desk's use cases, who works with them, and what everybody is called."""

    desk: Desk
    person: Person
    names: Mapping[str, str]
    """Moderators' names by id."""

    @property
    def who(self) -> str:
        """The id under which this moderator claims and decides."""
        return self.person.moderator.id

    def called(self, moderator: str) -> str:
        """What somebody who holds a post is called."""
        return self.names.get(moderator, "Another moderator")

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
