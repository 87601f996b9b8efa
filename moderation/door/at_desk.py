"""A moderator at the desk, as every view gets them; what the desk refuses is a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalice.app import Response

from doors.answers import page
from forum.desk import Desk, HeldByAnother, NoSuchPost, NothingToUndo, Stale
from forum.post import NotAllowed
from moderation.door.guard import Person

REFUSALS = (NoSuchPost, HeldByAnother, NothingToUndo, Stale, NotAllowed)
"""What the desk raises when a post is not as the moderator last saw it."""


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

    def refused(self, error: Exception, post_id: str, kept: str = "") -> Response:
        """Nothing was overwritten: say what happened and give back what was typed."""
        if isinstance(error, NoSuchPost):
            return page("desk/gone.html", 404, person=self.person, kept=kept)
        if isinstance(error, HeldByAnother):
            return self._conflict("held", post_id, kept, error.claim.moderator)
        reason = "too-late" if isinstance(error, NothingToUndo) else "moved-on"
        return self._conflict(reason, post_id, kept)

    def _conflict(self, reason: str, post_id: str, kept: str, other: str = "") -> Response:
        return page(
            "desk/conflict.html",
            409,
            person=self.person,
            post_id=post_id,
            reason=reason,
            other=self.names.get(other, "Another moderator"),
            kept=kept,
        )
