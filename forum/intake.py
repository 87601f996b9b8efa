"""When the form takes something new: how much at once, how much in all, how long it waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from forum.figures import Wait, WaitStore, lately, usual_wait
from forum.lanes import Lanes
from forum.ports import CrowdStore
from forum.rows import Unavailable

PROMISED = timedelta(days=7)
"""A post that has waited longer closes the form: nobody may be promised what is not kept."""


class Closed(Exception):
    """The form takes nothing new just now."""


class Crowded(Exception):
    """Too much came at once; in a minute there is room again."""


@dataclass(frozen=True)
class Intake:
    """The limits of one installation."""

    lanes: Lanes
    most_unread: int
    """Posts that may wait to be read."""

    def closed(self, store: CrowdStore, today: date) -> bool:
        """Whether nothing new is taken: on the switch, behind the promise, or a full queue."""
        oldest = store.oldest_unread()
        behind = oldest is not None and today - oldest > PROMISED
        return behind or store.closed() or store.unread_reaches(self.most_unread)


def told_wait(store: WaitStore, today: date) -> int | None:
    """In how many days a post is usually decided now, as people are told.

    None where that is not known, or cannot be asked: no page may break over a figure.
    """
    try:
        return usual_wait(store.waits(Wait.DECIDED, *lately(today)))
    except Unavailable:
        return None
