"""How a page of the site leads to a story. No words of a person can be mistaken for it.

Templates write these with quotes and angle brackets of their own; in what people say, these come
out as entities wherever a page shows it beside other stories.
"""

from __future__ import annotations

UNLINKED = ("search/recent", "search/terms")
"""Folders of files that can hold words of any story, and lead to none."""


def page_of(story: str) -> str:
    """The file that is a story's own page."""
    return f"stories/{story}/index.html"


def links_to(story: str, siteurl: str) -> tuple[bytes, ...]:
    """What stands in a page, a feed or a sitemap that leads to a story."""
    path = f"/stories/{story}/"
    found = (f'href="{path}"', f'href="{siteurl}{path}"', f"<loc>{siteurl}{path}</loc>")
    return tuple(one.encode() for one in found)
