"""Times in rough words: enough to know one's own browser by, and nobody's minutes."""

from __future__ import annotations

from datetime import datetime

JUST_NOW_MINUTES = 2
STEP_MINUTES = 5


def ago(then: datetime, now: datetime) -> str:
    """How long ago: "just now", "about 10 minutes ago", "over an hour ago"."""
    minutes = int((now - then).total_seconds()) // 60
    if minutes < JUST_NOW_MINUTES:
        return "just now"
    if minutes >= 60:
        return "over an hour ago"
    return f"about {max(STEP_MINUTES, round(minutes / STEP_MINUTES) * STEP_MINUTES)} minutes ago"


def left(until: datetime, now: datetime) -> str:
    """How long it still holds: "for 23 more hours", "for less than an hour"."""
    hours = round((until - now).total_seconds() / 3600)
    if hours < 1:
        return "for less than an hour"
    return f"for {hours} more hour{'' if hours == 1 else 's'}"
