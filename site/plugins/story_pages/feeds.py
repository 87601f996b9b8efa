"""A feed tells what is new and never when, finer than the month.

Atom asks for timestamps: every one is the first of a month at midnight UTC, and an entry's
id is a tag: URI that holds a fixed year. An empty feed has a fixed date, not today's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from story_pages.stories import Story
from story_pages.words import Word

LONGEST_FEED = 20
EMPTY_SINCE = "2026-01"
"""The month an empty feed gives as its last change."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One story as feed readers get it; `notes` come before the text in most of them."""

    id: str
    url: str
    title: str
    pen_name: str
    updated: str
    notes: str
    body: Markup


def feed_of(name: str, newest: Sequence[Story], word: Word, address: str) -> Mapping[str, object]:
    """What the feed of one list is made of: its newest stories, newest first."""
    return {
        "feed_address": address,
        "list_address": f"/{name}/",
        "list_name": name,
        "heading": word.label,
        "updated": month_start(max((story.month for story in newest), default=EMPTY_SINCE)),
        "entries": [_entry(story) for story in newest],
    }


def month_start(month: str) -> str:
    """The first moment of a month (YYYY-MM) as an Atom timestamp."""
    return f"{month}-01T00:00:00Z"


def _entry(story: Story) -> FeedEntry:
    title = story.title or f"A story by {story.pen_name}"
    return FeedEntry(
        id=story.id,
        url=story.url,
        title=f"Example: {title}" if story.example else title,
        pen_name=story.pen_name,
        updated=month_start(story.month),
        notes=", ".join(note.label.lower() for note in story.content_notes),
        body=story.body,
    )
