"""How stories show in lists: each is rendered once in a build, however many pages show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from markupsafe import Markup

from story_pages.library import Listed
from story_pages.stories import Story


class Cards:
    """The cards of one build. `render` makes one."""

    def __init__(self, render: Callable[[Story], Markup]) -> None:
        self.render = render
        self._kept: dict[str, Markup] = {}

    def keep(self, id: str, card: Markup) -> None:
        """Let this be the card of a story, whatever it was before."""
        self._kept[id] = card

    def of(self, story: Listed | Story) -> Markup:
        """How a story shows in a list, in this build."""
        card = self._kept.get(story.id)
        if card is None:
            card = self._kept[story.id] = self.render(cast(Story, story))  # listed ones are kept
        return card
