"""What people read at both doors: one word for each kind of post."""

from __future__ import annotations

from forum.post import Kind

KINDS = {
    Kind.STORY: "Story",
    Kind.REPLY: "Reply",
    Kind.CHECK_IN: "Check-in",
    Kind.COPING: "Coping tip",
    Kind.LETTER: "Letter",
    Kind.CANARY: "Canary",
}

CUSTOM_DAYS = 3
"""In how many days a post is usually read, as long as there are too few to say how it is."""
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_days(usual_wait: int | None) -> str:
    """The days in which a post is usually read, in words; None for the custom."""
    days = CUSTOM_DAYS if usual_wait is None else usual_wait
    if days <= 1:
        return "a day"
    return f"{_NUMBERS[days - 2] if days - 2 < len(_NUMBERS) else days} days"
