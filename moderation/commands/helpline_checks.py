"""A check of a help line grows old: from 180 days it wants another, past a year it is stale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum

from doors.helpline_rows import OWN, Line
from doors.helplines import DIRECTORY, placed_first

DUE_FROM = 180
"""Days after which somebody should look again."""

GOOD_FOR = 365
"""Days that a check counts; past these it is stale."""

AHEAD = 1
"""Days that a check may seem to lie ahead: where it was made it may be tomorrow already."""


class Standing(Enum):
    """What a row's last check is worth today."""

    NEVER = "never"
    VERIFIED = "verified"
    DUE = "due"
    STALE = "stale"


def standing(line: Line, today: date) -> Standing:
    """What the last check is worth; one dated ahead, or of a row still to be filled in, nothing."""
    days = days_since(line, today)
    if days is None or days < -AHEAD or not line.settled:
        return Standing.NEVER
    if days > GOOD_FOR:
        return Standing.STALE
    return Standing.DUE if days >= DUE_FROM else Standing.VERIFIED


def days_since(line: Line, today: date) -> int | None:
    """Whole days since the last check; None if there was none."""
    return (today - line.verified_on).days if line.verified_on else None


def shown_first(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The rows that every page carries once they are verified, in the order of the strip."""
    apart = [line for wanted in (OWN, DIRECTORY) for line in lines if line.id == wanted]
    return (*placed_first(line for line in lines if line not in apart), *apart)
