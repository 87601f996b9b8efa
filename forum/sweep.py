"""Hides a post that enough readers reported, until somebody has read it again.

Reports alone hide at most two posts a day, so that nobody can empty the site with them, and never
a post that was read again and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forum.ports import Clock, SweepStore
from forum.post import Act, NotAllowed, Post, moved
from forum.rows import Changed, Decision

ENOUGH = 3
"""Open reports that hide a post until somebody has read it again."""
MOST_A_DAY = 2
"""Posts that reports alone may hide in one day."""
BY_READERS = "readers"
"""Who hid a post, in the record of decisions."""


@dataclass(frozen=True)
class Sweep:
    """Hides what enough readers reported, until somebody has read it again."""

    store: SweepStore
    clock: Clock

    def hide(self) -> tuple[str, ...]:
        """Hide what may be hidden today; the ids."""
        today = self.clock.now().date()
        room = MOST_A_DAY - self.store.hidden_on(today, BY_READERS)
        reported = self.store.reported(ENOUGH) if room > 0 else ()
        hidden: list[str] = []
        for post in reported:
            if len(hidden) < room and self._hide(post, today):
                hidden.append(post.id)
        return tuple(hidden)

    def _hide(self, post: Post, today: date) -> bool:
        """Hide one post, unless it was read again and kept, or somebody is deciding it now."""
        if post.reread:
            return False
        try:
            after = moved(post, Act.HIDE, today)
            decision = Decision(today, BY_READERS, Act.HIDE, post.id, post.approved_hash)
            self.store.hide(after, decision, MOST_A_DAY)
        except (NotAllowed, Changed):
            return False
        return True
