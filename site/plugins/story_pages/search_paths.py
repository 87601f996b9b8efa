"""The files of the search have addresses that tell nothing of what is searched for or found."""

from __future__ import annotations

PAGE = "search/index.html"
DIRECTORY = "search/index.json"
"""The pieces of the large index, and with which word each begins."""
RECENT = "search/recent.json"
"""The buckets of which something is newer than the large index."""
BY_HAND = "search/pages.json"
"""Hand-written pages, whole."""


def told_path(number: int) -> str:
    """How the stories of a bucket show where they are found: for a script, no page by itself."""
    return f"search/told/{number}.txt"


def recent_path(number: int) -> str:
    """The words of the stories of a bucket that the large index does not have."""
    return f"search/recent/{number}.json"


def piece_path(name: str) -> str:
    """One piece of the large index."""
    return f"search/terms/{name}.json"
