"""Where screening sends a post: how soon, and by how many people, it is read."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Route(Enum):
    """Where a finding sends a post; the words of the moderators' queue, gravest first."""

    HOLD2 = "HOLD2"
    """Two people read it first: someone may be in danger now."""
    HOLD = "HOLD"
    """One person clears the marked words: detail that could harm a reader."""
    REDACT = "REDACT"
    """One person accepts, edits or leaves the marked words: they could identify someone."""
    NOTE = "NOTE"
    """Normal in a story of recovery; adds a content note, help or a softer word."""

    @property
    def rank(self) -> int:
        """Its place in the queue's order: 0 is read first."""
        return GRAVITY.index(self)


GRAVITY: tuple[Route, ...] = tuple(Route)
"""Routes from the gravest down."""

TO_DECIDE = frozenset({Route.HOLD2, Route.HOLD, Route.REDACT})
"""Routes whose marked words somebody must decide on before a post can be approved."""


def gravest(routes: Iterable[Route]) -> Route:
    """The gravest of these; a note where there is none, for everything is read."""
    return min(routes, key=lambda route: route.rank, default=Route.NOTE)
