"""How much of a day somebody has read: one row each, for their own eyes, gone with the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class Duty:
    """One moderator's day so far. No row says which posts it was about."""

    moderator: str
    day: date
    """A day as UTC counts them, like every day in the store."""
    seen: datetime
    """Their last request that was counted."""
    heavy: int = 0
    """Heavy posts opened today."""
    heavy_in_a_row: int = 0
    """Heavy posts opened since the last light one."""
    seconds: float = 0.0
    """Spent at the desk today."""
    in_a_row_seconds: float = 0.0
    """Spent at the desk since the last real break."""
    rest_until: datetime | None = None
    """When the pause after an urgent post ends; None where there is none."""


@dataclass(frozen=True)
class Care:
    """How the desk looks after the people who work at it: an operator can set each of these."""

    heavy_in_a_row: int = 3
    """Heavy posts that one person may open without a light one between them."""
    heavy_a_day: int = 6
    """Heavy posts that one person may open in a day."""
    soft_minutes: int = 45
    """Minutes without a real break after which one is suggested."""
    hard_minutes: int = 120
    """Minutes a day after which nothing more is served."""
    pause_minutes: int = 5
    """Minutes in which nothing is served after an urgent post; 0 for no pause."""
    break_minutes: int = 15
    """A gap this long is a real break."""
    debrief_url: str = ""
    """Where one can talk about what one has read; empty for the person that was agreed on."""


class DutyStore(Protocol):
    """What looking after moderators needs: each person's one row. No call sums or lists them."""

    def duty(self, moderator: str) -> Duty | None:
        """Their row, of whatever day it is: whoever works through midnight goes on sitting."""

    def put_duty(self, duty: Duty, before: Duty | None) -> None:
        """Put the row in place of `before`, which is None where there was no row.

        Raises `Changed` if the row is not `before` any more, `NotEnrolled` if nobody has this id,
        and `Unavailable`. Nothing was changed then.
        """

    def erase_duty(self, before: date) -> int:
        """Erase the rows of days before this one; how many."""
