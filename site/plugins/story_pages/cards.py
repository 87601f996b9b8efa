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
        self._kept: dict[str, bytes] = {}
        """As bytes: an ellipsis would make text of them twice as large."""

    def keep(self, id: str, card: str) -> None:
        """Let this be the card of a story, whatever it was before."""
        self._kept[id] = card.encode()

    def of(self, story: Listed | Story) -> Markup:
        """How a story shows in a list, in this build."""
        if story.id not in self._kept:
            self.keep(
                story.id, self.render(cast(Story, story))
            )  # of what is only listed it is kept
        return Markup(self._kept[story.id].decode())  # noqa: S704  # as it was rendered
