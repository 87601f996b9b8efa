"""Pelican plugin: turns the posts that the press has written into the pages of the site.

It knows the post file and the manifest, and nothing of the forum that made them.
"""

from __future__ import annotations

from pelican.plugins import signals

from story_pages.generator import StoryPages


def _story_pages(pelican: object) -> type[StoryPages]:
    return StoryPages


def register() -> None:
    """Hook the generator in; Pelican calls this once."""
    signals.get_generators.connect(_story_pages)
